import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { decodeNeighbours, encodeNeighbours } from "./neighbours.ts";
import { decodePinVector, dotPinVector, encodePinVector, unpackPinVector } from "./pin-vector.ts";
import { decodeServingModel, encodeServingModel, type ServingModel } from "./serving-model.ts";

const random = seededSequence(3);
const draw = (length: number) => Float32Array.from({ length }, () => random() - 0.5);

const model: ServingModel = {
  version: "m0123456789",
  trainedAt: 1_790_000_000_000,
  dimensions: 8,
  userCount: 20,
  saveCount: 30,
  basis: { gramian: draw(8), items: 10, regularisation: 0.02, regularisationExponent: 1, unobservedWeight: 0.007 },
  itemMean: draw(8),
  blend: [
    { fromActions: 0, weights: [1, 0, 0.5, -0.1] },
    { fromActions: 10, weights: [1, 2, 3, 4, 5], scoreOfLikeness: 0.25 },
  ],
  interests: [draw(8), draw(8), draw(8)],
};

test("a serving model comes out of its bytes as it went in", () => {
  expect(decodeServingModel(encodeServingModel(model).buffer)).toEqual(model);
});

test("a serving model that was cut off is refused", () => {
  const bytes = encodeServingModel(model).buffer;
  expect(() => decodeServingModel(bytes.slice(0, bytes.byteLength - 32))).toThrow("cut off");
});

test("a pin vector keeps its direction and its length to one part in a hundred", () => {
  const vector = draw(128).map((x) => x * 3);
  const kept = unpackPinVector(decodePinVector(encodePinVector(vector)));
  const length = (v: Float32Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  expect(length(kept) / length(vector)).toBeCloseTo(1, 2);
  const user = draw(128);
  const exact = vector.reduce((sum, x, d) => sum + x * (user[d] ?? 0), 0);
  expect(dotPinVector(user, decodePinVector(encodePinVector(vector)))).toBeCloseTo(exact, 1);
});

test("a pin vector is read where it lies in a larger buffer", () => {
  const encoded = encodePinVector([1, -2, 3, 0]);
  const around = new Uint8Array(20);
  around.set(encoded, 5);
  expect([...unpackPinVector(decodePinVector(around.subarray(5, 13)))].map(Math.round)).toEqual([1, -2, 3, 0]);
});

test("neighbours keep their order, positions and weights to a sixty-thousandth", () => {
  const neighbours = { items: Uint32Array.from([7, 70_000, 3]), weights: Float32Array.from([0.5, 0.25, 0.001]) };
  const kept = decodeNeighbours(encodeNeighbours(neighbours));
  expect([...kept.items]).toEqual([7, 70_000, 3]);
  kept.weights.forEach((weight, i) => {
    expect(weight).toBeCloseTo(neighbours.weights[i] ?? 0, 4);
  });
  expect(decodeNeighbours(new Uint8Array(0)).items.length).toBe(0);
});
