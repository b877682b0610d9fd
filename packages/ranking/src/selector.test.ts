import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import type { Candidate, ScoredCandidate } from "./candidate.ts";
import { drawCandidates, near } from "./drawn-candidates.ts";
import { selectDiverse, uncappedPlaces } from "./selector.ts";

const scored = (candidates: readonly Candidate[], scoreOf: (i: number) => number): ScoredCandidate[] =>
  candidates.map((candidate, i) => ({ ...candidate, score: scoreOf(i) }));

const mostFrequent = (values: readonly (string | null)[]) =>
  Math.max(...[...Map.groupBy(values, (value) => value).values()].map((group) => group.length));

const categories = ["shoes", "hats", "lamps", "cars", "cakes"];
/** Shoes by one creator score far above everything else. */
const lopsided = scored(
  drawCandidates(400, (i) =>
    i < 200 ? { category: "shoes", creator: 0 } : { category: categories[i % 5] as string, creator: 1 + (i % 20) },
  ),
  (i) => (i < 200 ? 2 : 1) - i / 1_000,
);

test("the first twenty places are the best, whatever they are of", () => {
  const page = selectDiverse(lopsided, { size: 25, position: 0, seed: 1 });
  expect(page.slice(0, uncappedPlaces).every(({ pin }) => pin.category === "shoes")).toBe(true);
});

test("after the first twenty at most 30 % are of one category and 20 % of one creator", () => {
  for (const [position, size] of [
    [0, 100],
    [0, 30],
    [20, 25],
    [13, 50],
    [300, 10],
  ] as const) {
    const page = selectDiverse(lopsided, { size, position, seed: 1 });
    const capped = page.slice(Math.max(0, uncappedPlaces - position));
    expect(page).toHaveLength(size);
    expect(mostFrequent(capped.map(({ pin }) => pin.category))).toBeLessThanOrEqual(Math.floor(capped.length * 0.3));
    expect(mostFrequent(capped.map(({ pin }) => pin.userId))).toBeLessThanOrEqual(Math.floor(capped.length * 0.2));
  }
});

test("where there is nothing else, the caps give way and the page is full", () => {
  const onlyShoes = lopsided.slice(0, 100);
  expect(selectDiverse(onlyShoes, { size: 50, position: 20, seed: 1 })).toHaveLength(50);
});

test("pins without a category are not capped as one", () => {
  const page = selectDiverse(
    scored(drawCandidates(60), () => 1),
    { size: 40, position: 20, seed: 1 },
  );
  expect(page).toHaveLength(40);
});

test("a pin from two sources stands once, with its better score", () => {
  const [candidate] = drawCandidates(1);
  if (!candidate) throw new Error("one was drawn");
  const twice = [
    { ...candidate, reason: "fresh", score: 0.3 },
    { ...candidate, reason: "interest", score: 0.7 },
  ] as const;
  expect(selectDiverse(twice, { size: 5, position: 0, seed: 1 })).toMatchObject([{ reason: "interest", score: 0.7 }]);
});

test("the same picture under two pins stands once on a page", () => {
  const [one, other] = drawCandidates(2);
  if (!one || !other) throw new Error("two were drawn");
  const twins = [
    { ...one, score: 1 },
    { ...other, embedding: one.embedding.slice(), score: 0.9 },
  ];
  expect(selectDiverse(twins, { size: 5, position: 0, seed: 1 })).toHaveLength(1);
});

test("pictures that are much alike do not stand side by side when others are nearly as good", () => {
  const random = seededSequence(5);
  const pool = scored(
    drawCandidates(40, (i) => ({ embedding: near(i % 2, 0.02, random) })),
    (i) => (i % 2 === 0 ? 1 : 0.95),
  );
  const page = selectDiverse(pool, { size: 10, position: 0, seed: 1 });
  const axes = page.map(({ embedding }) => embedding.indexOf(Math.max(...embedding)));
  expect(new Set(axes.slice(0, 2)).size).toBe(2);
  expect(axes.filter((axis) => axis === 1).length).toBeGreaterThanOrEqual(4);
});

test("the order of candidates does not matter, and equal scores are settled by the seed", () => {
  const equal = scored(
    drawCandidates(100, () => ({ embedding: new Float32Array(0) })),
    () => 1,
  );
  const idsOf = (candidates: ScoredCandidate[], seed: number) =>
    selectDiverse(candidates, { size: 30, position: 0, seed }).map(({ pin }) => pin.id);
  expect(idsOf(equal.toReversed(), 1)).toEqual(idsOf(equal, 1));
  expect(idsOf(equal, 2)).not.toEqual(idsOf(equal, 1));
});
