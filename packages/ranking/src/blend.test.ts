import { expect, test } from "vitest";
import { blendFeatures, blendScore, productScale, weighsLikeness, weightsFor } from "./blend.ts";

test("each feature moves the score by its weight alone", () => {
  const plain = { vector: 2, walk: 0.01, saves: Math.expm1(4), likeness: 1.5 };
  const each = blendFeatures.map((_, feature) => blendFeatures.map((_, k) => (k === feature ? 1 : 0)));
  expect(each.map((weights) => blendScore(plain, weights))).toEqual([2, 0, 1, expect.closeTo(0), 1.5]);
  const other = { vector: 5, walk: 0, saves: 0, likeness: 0 };
  expect(each.map((weights) => blendScore(other, weights))).toEqual([5, 2, 0, -4, 0]);
});

test("a model of before likeness was weighed scores as it did", () => {
  const evidence = { vector: 5, walk: 0.01, saves: 3, likeness: 2 };
  const weights = [1, -0.8, 1.2, -0.1];
  expect(blendScore(evidence, weights)).toBe(blendScore({ ...evidence, likeness: 0 }, [...weights, 7]));
  expect(weighsLikeness(weights)).toBe(false);
});

test("weights are those of the longest history that the user has", () => {
  const blend = [
    { fromActions: 1, weights: [1] },
    { fromActions: 5, weights: [5] },
    { fromActions: 10, weights: [10] },
  ];
  expect([0, 1, 4, 5, 9, 10, 400].map((actions) => weightsFor(blend, actions)[0])).toEqual([1, 1, 1, 5, 5, 10, 10]);
});

test("mean and deviation of all products come from the items' mean and Gramian", () => {
  // Four items whose Gramian is diagonal: ±1 on the first axis, ±2 on the second, all moved by nothing.
  const items = [
    [1, 0],
    [-1, 0],
    [0, 2],
    [0, -2],
  ];
  const user = Float32Array.of(3, 0.5);
  const products = items.map(([a = 0, b = 0]) => 3 * a + 0.5 * b);
  const deviation = Math.sqrt(products.reduce((sum, product) => sum + product ** 2, 0) / 4);
  const scale = productScale(user, { gramian: Float32Array.of(2, 8), itemMean: Float32Array.of(0, 0), items: 4 });
  expect(scale).toEqual({ mean: 0, deviation });
  const moved = productScale(user, { gramian: Float32Array.of(2, 8), itemMean: Float32Array.of(0.1, 0), items: 4 });
  expect(moved.mean).toBeCloseTo(0.3);
  expect(moved.deviation).toBeLessThan(deviation);
});
