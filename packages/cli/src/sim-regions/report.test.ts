import type { Region } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { type Observation, promisedMillis, type Remains, reportLines, reportOf } from "./report.ts";

const seen = (from: Region, to: Region, millis: number, isInNextPage = true): Observation => ({
  from,
  isInNextPage,
  seenAfter: [{ to, millis }],
});
/** 100 saves, the nth seen after n × 10 ms. */
const fair = Array.from({ length: 100 }, (_, i) => seen("weur", i < 60 ? "oc" : "enam", (i + 1) * 10));
const nothingLeft = (saves: number): Remains => ({
  inOutboxes: 0,
  counted: saves,
  inTrending: saves,
  inStores: [saves, saves, saves],
});
const judge = (observations: Observation[], changes: Partial<Remains> = {}) =>
  reportOf(observations, { ...nothingLeft(observations.length), ...changes }, 3);

test("each pair of regions has its own percentiles, and all together one", () => {
  const report = judge(fair);
  expect(report.pairs).toEqual([
    { from: "weur", to: "oc", saves: 60, p50: 300, p90: 540, p99: 600, max: 600 },
    { from: "weur", to: "enam", saves: 40, p50: 800, p90: 960, p99: 1000, max: 1000 },
  ]);
  expect(report).toMatchObject({ saves: 100, p99: 990, inNextPage: 100, lost: 0, countedTwice: 0, failures: [] });
});

test("one save that the next page of its own region missed is a failure", () => {
  expect(judge([...fair, seen("weur", "oc", 5, false)]).failures).toEqual([
    "1 saves were not in the next page of their own region.",
  ]);
});

test("the promise is of the 99th percentile: one in a hundred may take longer, two may not", () => {
  const late = seen("weur", "oc", promisedMillis + 1);
  expect(judge([...fair.slice(1), late]).failures).toEqual([]);
  expect(judge([...fair.slice(2), late, late]).failures).toEqual(["The 99th percentile is over 10 s."]);
  const never = seen("weur", "oc", Number.POSITIVE_INFINITY);
  expect(judge([...fair.slice(2), never, never]).failures).toEqual(["The 99th percentile is over 10 s."]);
});

test.each([
  [{ counted: 99 }, "1 saves are lost."],
  [{ inTrending: 98 }, "2 saves are lost."],
  [{ inStores: [100, 97, 100] }, "3 saves are lost."],
  [{ inStores: [100, 100] }, "100 saves are lost."],
  [{ inTrending: 101 }, "1 saves are counted twice."],
  [{ inOutboxes: 4 }, "4 messages still wait in outboxes."],
])("%o in the databases is told as: %s", (changes, sentence) => {
  expect(judge(fair, changes).failures).toEqual([sentence]);
  expect(reportLines(judge(fair, changes)).at(-1)).toBe(sentence);
});
