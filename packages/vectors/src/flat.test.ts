import { describe, expect, test } from "vitest";
import { FlatIndex } from "./flat.ts";
import type { VectorMetric } from "./port.ts";
import { seededSequence } from "./seeded-sequence.ts";

const metrics: VectorMetric[] = ["cosine", "dot-product", "euclidean"];
const dimensions = 7; // no multiple of the four at a time that the product is summed by

/** The definition of each score, sorted in full: what the index must agree with. */
function bruteForce(metric: VectorMetric, rows: Map<string, number[]>, query: number[], topK: number) {
  const product = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  const scoreOf = (row: number[]) => {
    if (metric === "dot-product") return -product(query, row);
    if (metric === "euclidean") return Math.hypot(...query.map((value, i) => value - (row[i] ?? 0)));
    return product(query, row) / Math.sqrt(product(query, query) * product(row, row)) || 0;
  };
  return [...rows]
    .map(([id, row]) => ({ id, score: scoreOf(row) }))
    .sort((a, b) => (metric === "cosine" ? b.score - a.score : a.score - b.score))
    .slice(0, topK);
}

describe.each(metrics)("%s", (metric) => {
  test("finds what sorting everything finds, through inserts, replacements and removals", () => {
    const random = seededSequence(3);
    const index = new FlatIndex<number>(dimensions, metric);
    const rows = new Map<string, number[]>();
    const stepOf = new Map<string, number>();
    for (let step = 0; step < 3_000; step++) {
      const id = `id${Math.floor(random() * 900)}`;
      if (random() < 0.3) {
        expect(index.delete(id)).toBe(rows.delete(id));
        continue;
      }
      const row = Array.from({ length: dimensions }, () => Math.fround(random() - 0.5));
      rows.set(id, row);
      stepOf.set(id, step);
      index.set(id, row, step);
    }
    expect(index.size).toBe(rows.size);
    for (const topK of [1, 10, 100, 2_000]) {
      const query = Array.from({ length: dimensions }, () => Math.fround(random() - 0.5));
      const found = index.search(query, { topK });
      const expected = bruteForce(metric, rows, query, topK);
      expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      found.forEach(({ id, score, label }, i) => {
        expect(label).toBe(stepOf.get(id));
        expect(score).toBeCloseTo(expected[i]?.score ?? Number.NaN, 6);
      });
    }
  });

  test("orders equal scores by id, in whatever order they were added", () => {
    const ids = ["d", "a", "c", "e", "b"];
    for (const order of [ids, [...ids].reverse()]) {
      const index = new FlatIndex<null>(2, metric);
      for (const id of order) index.set(id, [1, 1], null);
      expect(index.search([1, 0], { topK: 3 }).map(({ id }) => id)).toEqual(["a", "b", "c"]);
    }
  });
});

test("scores have Vectorize's signs and ranges", () => {
  const scores = (metric: VectorMetric) => {
    const index = new FlatIndex<null>(2, metric);
    index.set("same", [3, 4], null);
    index.set("opposite", [-3, -4], null);
    index.set("zero", [0, 0], null);
    return index.search([3, 4], { topK: 3 }).map(({ id, score }) => [id, score]);
  };
  expect(scores("cosine")).toEqual([
    ["same", 1],
    ["zero", 0],
    ["opposite", -1],
  ]);
  expect(scores("dot-product")).toEqual([
    ["same", -25],
    ["zero", 0],
    ["opposite", 25],
  ]);
  expect(scores("euclidean")).toEqual([
    ["same", 0],
    ["zero", 5],
    ["opposite", 10],
  ]);
});

test("only accepted rows take part, however far away they are", () => {
  const index = new FlatIndex<{ isOdd: boolean }>(1, "euclidean");
  for (let i = 0; i < 100; i++) index.set(`id${i}`, [i], { isOdd: i % 2 === 1 });
  const odd = index.search([0], { topK: 2, accepts: ({ isOdd }, id) => isOdd && id !== "id1" });
  expect(odd).toEqual([
    { id: "id3", score: 3, label: { isOdd: true } },
    { id: "id5", score: 5, label: { isOdd: true } },
  ]);
  expect(index.search([0], { topK: 2, accepts: () => false })).toEqual([]);
});

test("values and labels can be read back; values as float32 and as a copy", () => {
  const index = new FlatIndex<string>(2, "cosine");
  index.set("a", [0.1, 0.2], "first");
  index.values("a")?.fill(9);
  expect(index.values("a")).toEqual(Float32Array.of(0.1, 0.2));
  index.set("a", [1, 2], "second");
  expect([index.label("a"), index.size, index.has("a"), index.has("b")]).toEqual(["second", 1, true, false]);
  expect([index.values("b"), index.label("b"), index.delete("b")]).toEqual([undefined, undefined, false]);
  expect([index.delete("a"), index.size, index.has("a"), index.search([1, 2], { topK: 1 })]).toEqual([
    true,
    0,
    false,
    [],
  ]);
});

test("memory follows the rows: half as much again at most", () => {
  const index = new FlatIndex<null>(16, "cosine");
  for (let i = 0; i < 10_000; i++) index.set(`${i}`, new Float32Array(16), null);
  expect(index.byteLength).toBeLessThanOrEqual(1.5 * 10_000 * 16 * 4 + 64);
});

test("other dimensions and values that are not finite are refused, and change nothing", () => {
  const index = new FlatIndex<null>(2, "cosine");
  index.set("a", [1, 0], null);
  for (const bad of [[1], [1, 2, 3], [1, Number.NaN], [1, Number.POSITIVE_INFINITY], [1, 1e39]]) {
    expect(() => index.set("a", bad, null)).toThrow(RangeError);
    expect(() => index.set("b", bad, null)).toThrow(RangeError);
    expect(() => index.search(bad, { topK: 1 })).toThrow(RangeError);
  }
  expect([index.size, index.values("a")]).toEqual([1, Float32Array.of(1, 0)]);
});
