import type { FeedPage } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { type Asking, knowingPage, pausesMillis } from "./knowing-page.ts";

const page = (cursor: string, degraded: string[] = []): FeedPage => ({ items: [], cursor, region: "weur", degraded });
const late = (cursor: string) => page(cursor, ["taste", "recent-actions"]);

const calm = { isWanted: () => true, random: () => 0 };

/** Asks a feed that answers as told; `waited` are the pauses between, in milliseconds. */
async function ask(answers: (FeedPage | Error)[], options: Partial<Pick<Asking, "isWanted" | "random">> = {}) {
  const waited: number[] = [];
  const limits: (number | undefined)[] = [];
  const feed = {
    page: async ({ limit }: { limit?: number | undefined } = {}) => {
      limits.push(limit);
      const answer = answers[limits.length - 1];
      if (!answer || answer instanceof Error) throw answer ?? new Error("asked once too often");
      return answer;
    },
  };
  const wait = async (millis: number) => void waited.push(millis);
  const got = await knowingPage(feed, { limit: 30, wait, ...calm, ...options });
  return { cursor: got?.cursor ?? null, waited, limits };
}

test("a page that knows is asked for once", async () => {
  expect(await ask([page("first")])).toEqual({ cursor: "first", waited: [], limits: [30] });
});

test("what else is missing is no reason to ask again", async () => {
  expect((await ask([page("first", ["interest", "user-embedding"])])).limits).toHaveLength(1);
});

test("while the region's store is late, the page is asked for again, with growing pauses", async () => {
  const { cursor, waited, limits } = await ask([late("a"), late("b"), page("knows")]);
  expect(cursor).toBe("knows");
  expect(limits).toEqual([30, 30, 30]);
  expect(waited).toEqual(pausesMillis.slice(0, 2));
  expect(waited[1]).toBeGreaterThan(waited[0] ?? 0);
});

test("a store that stays late is given up, and the latest page is answered", async () => {
  const { cursor, waited, limits } = await ask([..."abcdefgh"].map(late));
  expect(cursor).toBe("d");
  expect(waited).toEqual(pausesMillis);
  expect(limits).toHaveLength(4);
});

test("a failure after a late page ends the asking, and the late page stands", async () => {
  expect(await ask([late("a"), new Error("away")])).toMatchObject({ cursor: "a", limits: [30, 30] });
  expect(await ask([new Error("away")])).toMatchObject({ cursor: null, limits: [30] });
});

test("nothing is asked or answered for somebody who has gone", async () => {
  let asked = 0;
  const left = await ask([late("a"), page("b")], { isWanted: () => asked++ < 2 });
  expect(left).toMatchObject({ cursor: null, limits: [30] });
  expect(await ask([page("a")], { isWanted: () => false })).toMatchObject({ cursor: null, limits: [] });
});

test("chance lengthens a pause by up to half", async () => {
  const { waited } = await ask([..."abcd"].map(late), { random: () => 0.5 });
  expect(waited).toEqual(pausesMillis.map((millis) => millis * 1.25));
});
