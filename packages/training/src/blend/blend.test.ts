import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { drawNegatives } from "../validation-items.ts";
import { type Example, exampleOf, numbersPerCandidate } from "./examples.ts";
import { fitBlend, scoreOfLikeness } from "./fit.ts";
import { objective, rankOf } from "./objective.ts";

const next = seededSequence(31);
const items = 1_000;
const popularity = Uint32Array.from({ length: items }, () => Math.floor(300 * next()));

test("an example has the held-out item first and once, then the highest that are not owned, then a draw of the rest", () => {
  const vector = Float32Array.from({ length: items }, (_, item) => -item / 100);
  const walk = new Float32Array(items);
  const likeness = new Float32Array(items);
  // The held-out item is the third highest; the highest is owned.
  const { rows, high, each } = exampleOf(
    { vector, walk, likeness },
    { owned: Uint32Array.of(0, 500), target: 2, popularity, next: seededSequence(1), rough: new Float32Array(items) },
  );
  const found = Array.from({ length: rows.length / numbersPerCandidate }, (_, row) =>
    Math.round(-100 * (rows[row * numbersPerCandidate] ?? 0)),
  );
  expect(high).toBe(99);
  expect(found.slice(0, 4)).toEqual([2, 1, 3, 4]);
  expect(new Set(found).size).toBe(found.length);
  expect(found).not.toContain(0);
  expect(found).not.toContain(500);
  // 1,000 items without two that are owned and 100 that are in, over 100 that are drawn.
  expect(each).toBeCloseTo((items - 102) / 100);
});

test("a rank counts each drawn item for all that it stands for, and ties against the held-out one", () => {
  const example: Example = { rows: candidates([1, 2, 0, 1, 3, 0]), high: 2, each: 10, items };
  expect(rankOf(example, [1, 0, 0, 0])).toBe(1 + 10 + 10);
});

test("the objective rises with every place that the held-out item gains", () => {
  const worth = [0, 1, 5, 9, 12, 40, 90, 200, 500].map((rank) =>
    objective([{ rows: candidates([0, ...Array(rank).fill(1)]), high: rank, each: 1, items }], [1, 0, 0, 0]),
  );
  expect(worth).toEqual(worth.toSorted((a, b) => b - a));
  expect(new Set(worth).size).toBe(worth.length);
});

test("the fit gives the walk its say where it finds what the vectors do not, and takes it away where it misleads", () => {
  const helpful = fitBlend(drawn((isTarget) => (isTarget ? 0.02 : 0.005)));
  const misleading = fitBlend(drawn((isTarget) => (isTarget ? 0.004 : 0.008)));
  expect(helpful[2]).toBeGreaterThan(1);
  expect(misleading[2]).toBeLessThan(0.5);
  const examples = drawn((isTarget) => (isTarget ? 0.02 : 0.005));
  expect(objective(examples, fitBlend(examples))).toBeGreaterThanOrEqual(objective(examples, [1, -0.8, 1.2, -0.1]));
});

test("likeness gets a weight where it finds what nothing else does, and none where it misleads or says nothing", () => {
  const noise = () => 0.02 * (0.5 + next());
  const weightOf = (likeness: (isTarget: boolean) => number) => fitBlend(drawn(noise, likeness))[4] ?? -1;
  expect(weightOf((isTarget) => (isTarget ? 1.5 : 0.5) * next())).toBeGreaterThan(0.5);
  expect(weightOf((isTarget) => (isTarget ? 0.5 : 1.5) * next())).toBe(0);
  for (let again = 0; again < 5; again++) expect(weightOf(() => next())).toBe(0);
});

test("without pictures the other weights are found as if there were no likeness", () => {
  const blind = drawn((isTarget) => (isTarget ? 0.02 : 0.005));
  const alike = blind.map((example) => ({
    ...example,
    rows: example.rows.map((x, at) => (at % 4 === 3 ? next() : x)),
  }));
  expect(fitBlend(alike)).toEqual(fitBlend(blind));
  expect(scoreOfLikeness(blind, [1, 0, 0, 0, 0])).toBeUndefined();
});

test("what likeness lets expect of a score is its slope over all pins, whoever stands highest, and is not below 0", () => {
  const example = (slope: number): Example => {
    const all = Array.from({ length: 2_000 }, () => {
      const likeness = 3 * next();
      return { likeness, vector: 1 + slope * likeness + 4 * (next() - 0.5) };
    }).sort((a, b) => b.vector + b.likeness - a.vector - a.likeness);
    const spread = all.slice(100).filter((_, at) => at % 19 === 0);
    const rows = [...all.slice(0, 100), ...spread].flatMap(({ likeness, vector }) => [vector, 0, 7, likeness]);
    return { rows: Float32Array.from(rows), high: 99, each: 19, items: 2_000 };
  };
  const examples = (slope: number) => Array.from({ length: 30 }, () => example(slope));
  const learned = (slope: number) => scoreOfLikeness(examples(slope), [1, 0, 1, 2, 9]);
  expect(learned(0.6)).toBeCloseTo(0.6, 1);
  expect(learned(-0.6)).toBe(0);
});

test("negatives are drawn once each, never from what is taken, and end where there are no more", () => {
  const drawnItems = drawNegatives(new Set([1, 2, 3]), 20, { count: 12, next });
  expect(new Set(drawnItems).size).toBe(12);
  expect([1, 2, 3].some((item) => drawnItems.includes(item))).toBe(false);
  expect(drawNegatives(new Set([1, 2, 3]), 20, { count: 50, next })).toHaveLength(17);
});

function candidates(scores: readonly number[]): Float32Array {
  return Float32Array.from(scores.flatMap((vector) => [vector, 0, Math.expm1(4), 0]));
}

/** 200 users for whom the vectors say nothing; the walk says what it is told to, with some noise, and likeness as told. */
function drawn(walk: (isTarget: boolean) => number, likeness: (isTarget: boolean) => number = () => 0): Example[] {
  return Array.from({ length: 200 }, () => ({
    rows: Float32Array.from(
      Array.from({ length: 60 }, (_, row) => [
        2 * next(),
        walk(row === 0) * (0.5 + next()),
        50,
        likeness(row === 0),
      ]).flat(),
    ),
    high: 30,
    each: 30,
    items,
  }));
}
