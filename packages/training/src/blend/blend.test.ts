import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { drawNegatives } from "../validation-items.ts";
import { type Example, exampleOf, numbersPerCandidate } from "./examples.ts";
import { fitBlend } from "./fit.ts";
import { objective, rankOf } from "./objective.ts";

const next = seededSequence(31);
const items = 1_000;
const popularity = Uint32Array.from({ length: items }, () => Math.floor(300 * next()));

test("an example has the held-out item first and once, then the highest that are not owned, then a draw of the rest", () => {
  const vector = Float32Array.from({ length: items }, (_, item) => -item / 100);
  const walk = new Float32Array(items);
  // The held-out item is the third highest; the highest is owned.
  const { rows, high, each } = exampleOf(
    { vector, walk },
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

test("negatives are drawn once each, never from what is taken, and end where there are no more", () => {
  const drawnItems = drawNegatives(new Set([1, 2, 3]), 20, { count: 12, next });
  expect(new Set(drawnItems).size).toBe(12);
  expect([1, 2, 3].some((item) => drawnItems.includes(item))).toBe(false);
  expect(drawNegatives(new Set([1, 2, 3]), 20, { count: 50, next })).toHaveLength(17);
});

function candidates(scores: readonly number[]): Float32Array {
  return Float32Array.from(scores.flatMap((vector) => [vector, 0, Math.expm1(4)]));
}

/** 200 users for whom the vectors say nothing; the walk says what it is told to, with some noise. */
function drawn(walk: (isTarget: boolean) => number): Example[] {
  return Array.from({ length: 200 }, () => ({
    rows: Float32Array.from(
      Array.from({ length: 60 }, (_, row) => [2 * next(), walk(row === 0) * (0.5 + next()), 50]).flat(),
    ),
    high: 30,
    each: 30,
    items,
  }));
}
