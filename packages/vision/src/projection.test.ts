import { expect, test } from "vitest";
import { learnProjection } from "../train/learn.ts";
import { principalComponents } from "../train/principal-components.ts";
import { bytesOfBase64 } from "./base64.ts";
import { packProjection, project, unpackProjection } from "./projection.ts";

/** Samples of 90 numbers that vary along three known directions, most along the first. */
const samples = Array.from({ length: 300 }, (_, n) => {
  const along = [9 * Math.sin(n), 4 * Math.sin(1.7 * n + 1), 2 * Math.sin(2.3 * n + 2)];
  return Float32Array.from({ length: 90 }, (_, i) => 5 + (along[i] ?? 0) + 0.01 * Math.sin(n * i));
});

test("principal components are found in order, with the mean", () => {
  const { mean, vectors, variances } = principalComponents(samples, 3);
  for (const [i, variance] of [81 / 2, 16 / 2, 4 / 2].entries()) {
    expect(Math.abs(vectors[i]?.[i] ?? 0)).toBeGreaterThan(0.99);
    expect(variances[i]).toBeCloseTo(variance, 0);
  }
  expect(mean[50]).toBeCloseTo(5, 2);
});

test("learning is deterministic, and a packed projection is the same one", () => {
  const projection = learnProjection(samples, 3);
  expect(learnProjection(samples, 3)).toEqual(projection);
  expect(unpackProjection(packProjection(projection), 3)).toEqual(projection);
});

test("projected vectors have length 1, and the mean itself the first axis", () => {
  const projection = learnProjection(samples, 3);
  const [sample = new Float32Array()] = samples;
  expect(Math.hypot(...project(projection, sample))).toBeCloseTo(1, 6);
  const still = { inputs: 2, weights: new Int8Array(4), scales: new Float32Array(2), offsets: new Float32Array(2) };
  expect([...project(still, new Float32Array(2))]).toEqual([1, 0]);
});

test.each([0, 1, 2, 3, 4, 255])("base64 of %i bytes is read back", (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + 251) % 256);
  expect(bytesOfBase64(Buffer.from(bytes).toString("base64"))).toEqual(bytes);
});
