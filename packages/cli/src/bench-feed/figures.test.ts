import { expect, test } from "vitest";
import { figuresOf, type PageSample } from "./figures.ts";
import { benchLines } from "./report.ts";
import { feedCostOf } from "./server-timing.ts";

const cost = { indexCalls: 0, databaseCalls: 0, fragmentHits: 4, fragmentMisses: 0, fragmentsBehind: 1 };
const page = (latencyMillis: number, changes: Partial<PageSample["cost"]> = {}, isLater = true): PageSample => ({
  latencyMillis,
  cost: { ...cost, ...changes },
  isLater,
});

const figures = figuresOf({
  pages: [
    page(90, { indexCalls: 2, databaseCalls: 3, fragmentHits: 2, fragmentMisses: 2 }, false),
    page(20, { databaseCalls: 1 }),
    page(5),
    page(7),
  ],
  saves: [9],
  trivial: [1, 2],
  errors: { "feed 503": 1 },
  degraded: {},
  seconds: 2,
});

test("a page is cold when it waited for the database, the index or a fragment", () => {
  expect(figures.warm).toEqual({ count: 2, p50: 5, p99: 7, p999: 7 });
  expect(figures.cold).toMatchObject({ count: 2, p50: 20, p99: 90 });
  expect(figures.coldFragments).toMatchObject({ count: 1, p50: 90 });
  expect(figures.achievedRate).toBe(2);
});

test("calls and hits are of all pages, and of the later ones", () => {
  expect(figures).toMatchObject({
    fragmentHitRate: 14 / 16,
    pagesWithoutIndex: 0.75,
    laterPagesWithoutIndex: 1,
    pagesWithoutDatabase: 0.5,
    indexCallsPerPage: 0.5,
    databaseCallsPerPage: 1,
    fragmentsBehindPerPage: 1,
  });
});

test("the report tells what stands over the trivial route", () => {
  const options = {
    rate: 2,
    seconds: 2,
    warmUp: 0,
    pins: 9,
    users: 9,
    saves: 5,
    newcomers: 2,
    proxy: "off",
    json: false,
  } as const;
  const lines = benchLines([{ stack: "miniflare", figures }], options);
  expect(lines.find((line) => line.startsWith("feed, warm"))).toMatch(/2 +5\.0 +7\.0 +7\.0 +4\.0 +5\.0$/);
  expect(lines.join("\n")).toContain("errors: 1 × feed 503; left out: none");
});

test("the cost of a page is read from the words of Server-Timing, or not at all", () => {
  const head =
    'total;dur=4.1, user;dur=1.0, index;desc="2 calls", d1;desc="1 calls", fragments;desc="3 hit, 1 miss", behind;desc="2 fragments"';
  const told = { indexCalls: 2, databaseCalls: 1, fragmentHits: 3, fragmentMisses: 1, fragmentsBehind: 2 };
  expect(feedCostOf(head)).toEqual(told);
  expect(feedCostOf('total;dur=4.1, index;desc="2 calls"')).toBeNull();
  expect(feedCostOf(null)).toBeNull();
});
