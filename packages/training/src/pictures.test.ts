import { attractionsOf, likenessOf, sightOf } from "@vitrine/ranking";
import { dequantise, seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { Kernels } from "./kernels.ts";
import { type Pictures, Sight } from "./pictures.ts";
import { drawnLooks, kernelModule } from "./testing/drawn-saves.ts";

const items = 70;
const drawn = drawnLooks({ users: 1, items, perUser: 1, kinds: 6, byLooks: 1 }, seededSequence(4)).pictures;
const d = drawn.dimensions;
/** The last ten have no picture. */
const pictures: Pictures = { ...drawn, embeddings: drawn.embeddings.map((byte, at) => (at < 60 * d ? byte : 0)) };
const rowOf = (item: number) => pictures.embeddings.subarray(item * d, (item + 1) * d);
const sight = new Sight(new Kernels(kernelModule()), pictures);

test.each([
  [[3]],
  [[3, 9, 16, 65]],
  [Array.from({ length: 23 }, (_, k) => 3 * k)],
])("the likeness of all items to saves %j is what the feed's own code says of each", (saved) => {
  const likeness = new Float32Array(items).fill(9);
  sight.write(Uint32Array.from(saved), likeness);
  const owned = saved.filter((item) => item < 60).map((item) => ({ embedding: rowOf(item), weight: 1, occurredAt: 0 }));
  const bySight = sightOf(attractionsOf(owned, 0));
  const expected = Array.from({ length: items }, (_, item) => likenessOf(bySight(dequantise(rowOf(item)))));
  expect(Math.max(...expected)).toBeGreaterThan(1);
  for (const [item, value] of expected.entries()) expect(likeness[item], `item ${item}`).toBeCloseTo(value, 4);
});

test("items without a picture are like nothing, and nothing is like saves without any", () => {
  const likeness = new Float32Array(items);
  sight.write(Uint32Array.of(1, 2, 3), likeness);
  expect([...likeness.subarray(60)]).toEqual(Array(10).fill(0));
  sight.write(Uint32Array.of(62, 63), likeness);
  expect([...likeness]).toEqual(Array(items).fill(0));
});

test("embeddings that are cut off are refused", () => {
  const cut = { ...pictures, embeddings: pictures.embeddings.subarray(1) };
  expect(() => new Sight(new Kernels(kernelModule()), cut)).toThrow("no embeddings of 16 dimensions");
});
