import { expect, test } from "vitest";
import { savesOf } from "../saves.ts";
import { bestOf, RankMeter, rankAmong } from "./metrics.ts";
import { evaluate, knownSaves, usersSpread } from "./protocols.ts";

test("a tie counts against the held-out item, and so does a score that is no number", () => {
  expect(rankAmong(0.5, [0.4, 0.5, 0.6])).toBe(2);
  expect(rankAmong(Number.NaN, [0.4, 0.5])).toBe(2);
});

test("hit rate and NDCG end after ten places", () => {
  const meter = new RankMeter();
  for (const rank of [0, 1, 9, 10]) meter.add(rank);
  const { hitRateAt10, ndcgAt10 } = meter.metrics;
  expect(hitRateAt10).toBe(0.75);
  expect(ndcgAt10).toBeCloseTo((1 + 1 / Math.log2(3) + 1 / Math.log2(11)) / 4, 12);
});

test("the best ten are in order, ties by the smaller index, without what is excluded", () => {
  const scores = Array.from({ length: 30 }, (_, i) => (i % 7 === 3 ? Number.NEGATIVE_INFINITY : (i * 13) % 10));
  const sorted = scores
    .map((score, i) => ({ score, i }))
    .filter(({ score }) => Number.isFinite(score))
    .toSorted((a, b) => b.score - a.score || a.i - b.i);
  expect(bestOf(scores, 10)).toEqual(sorted.slice(0, 10).map(({ i }) => i));
  expect(bestOf([2, 3], 10)).toEqual([1, 0]);
});

test("the protocols rank among the negatives and among all that is not saved", () => {
  const saves = savesOf([[0, 1]], 40);
  // Saved items stand highest and must not count; 20 items stand above the held-out one, one of them a negative.
  const score = (_: Uint32Array, scores: Float32Array) => {
    scores.forEach((_, item) => {
      scores[item] = 40 - item;
    });
  };
  const held = { saves, items: [22], negativesOf: () => [5, 30, 31] };
  const { sampled, full, coverageAt10 } = evaluate(held, score, { users: [0] });
  expect(sampled).toEqual({ users: 1, hitRateAt10: 1, ndcgAt10: 1 / Math.log2(3) });
  expect(full).toEqual({ users: 1, hitRateAt10: 0, ndcgAt10: 0 });
  expect(coverageAt10).toBe(0.25);
  const near = evaluate({ ...held, items: [4] }, score, { users: [0] });
  expect(near.full.ndcgAt10).toBeCloseTo(1 / Math.log2(4), 12);
});

test("known saves are some of the user's, each once, and the same every time", () => {
  const owned = Uint32Array.from({ length: 20 }, (_, k) => k * 3);
  const told = knownSaves(owned, 5, 8);
  expect(new Set(told).size).toBe(5);
  expect([...told].every((item) => owned.includes(item))).toBe(true);
  expect(knownSaves(owned, 5, 8)).toEqual(told);
  expect(knownSaves(owned, 50, 8)).toHaveLength(20);
  const chosen = new Set(Array.from({ length: 400 }, (_, user) => knownSaves(owned, 1, user)[0]));
  expect(chosen.size).toBe(20);
});

test("users are spread over all", () => {
  expect(usersSpread(10, 3)).toEqual([0, 3, 6]);
  expect(usersSpread(2, 5)).toEqual([0, 1]);
});
