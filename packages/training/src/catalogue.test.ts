import { productScale, userVectorOf } from "@vitrine/ranking";
import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { Catalogue } from "./catalogue.ts";
import { Kernels } from "./kernels.ts";
import type { Neighbours } from "./neighbours.ts";
import { kernelModule } from "./testing/drawn-saves.ts";

const [items, d] = [50, 8];
const next = seededSequence(12);
const vectors = Float32Array.from({ length: items * d }, () => next() - 0.4);
const kernels = new Kernels(kernelModule());
const placed = kernels.allocate((items + 4) * d);
kernels.floats(placed).set(vectors);
const basis = {
  gramian: Float32Array.from({ length: d }, () => 1 + next()),
  items,
  regularisation: 0.1,
  regularisationExponent: 1,
  unobservedWeight: 0.1,
};
const neighbours: Neighbours = {
  keep: 2,
  counts: Uint32Array.from({ length: items }, () => 2),
  items: Uint32Array.from({ length: items * 2 }, (_, at) => (at % 2 === 0 ? 48 : 49)),
  levels: Uint8Array.from({ length: items * 2 }, (_, at) => (at % 2 === 0 ? 255 : 51)),
  scales: new Float32Array(items).fill(0.5),
};
const popularity = Uint32Array.from({ length: items }, (_, item) => item);
const catalogue = new Catalogue({ kernels, vectors: placed, basis, neighbours, popularity });

test.each([
  [[3, 17]],
  [Array.from({ length: 14 }, (_, k) => k * 3)],
])("the evidence of saves %j is that of serving", (saved) => {
  const { vector } = catalogue.evidenceFor(Uint32Array.from(saved));
  const rowOf = (item: number) => vectors.subarray(item * d, item * d + d);
  const user = userVectorOf(
    saved.map((item) => ({ vector: rowOf(item), weight: 1 })),
    basis,
  );
  const { mean, deviation } = productScale(user, { gramian: basis.gramian, itemMean: catalogue.itemMean, items });
  for (let item = 0; item < items; item++) {
    const product = rowOf(item).reduce((sum, value, k) => sum + value * (user[k] ?? 0), 0);
    expect(vector[item]).toBeCloseTo((product - mean) / deviation, 3);
  }
});

test("the walk shares out by the weights of the neighbours, a level by its square", () => {
  const { walk } = catalogue.evidenceFor(Uint32Array.of(1, 2, 3));
  expect(walk[48]).toBeCloseTo(25 / 26, 5);
  expect(walk[49]).toBeCloseTo(1 / 26, 5);
  expect(walk[1]).toBe(0);
});

test("a score has all of it in, by the weights for the user's history", () => {
  const scores = new Float32Array(items);
  const blend = [
    { fromActions: 1, weights: [0, 0, 0, 1] },
    { fromActions: 3, weights: [0, 0, 1, 0] },
  ];
  catalogue.score(Uint32Array.of(1), scores, blend);
  expect(scores[9]).toBeCloseTo(Math.log(10) - 4, 5);
  catalogue.score(Uint32Array.of(1, 2, 3), scores, blend);
  expect(scores[48]).toBeCloseTo(10 * Math.sqrt(25 / 26), 4);
});
