import { expect, test } from "vitest";
import { dequantise, dot, normalise, quantise } from "./quantise.ts";
import { seededSequence } from "./seeded-sequence.ts";

const random = seededSequence(7);
const randomUnit = () => normalise(Float32Array.from({ length: 128 }, () => random() - 0.5));

test("a unit vector comes back with its direction, whatever its length was", () => {
  for (let i = 0; i < 100; i++) {
    const unit = randomUnit();
    const back = dequantise(quantise(unit));
    expect(dot(back, back)).toBeCloseTo(1, 5);
    expect(dot(unit, back)).toBeGreaterThan(0.9999);
    expect(quantise(unit.map((value) => value * 7))).toEqual(quantise(unit));
  }
});

test("similarities are kept to two hundredths", () => {
  for (let i = 0; i < 100; i++) {
    const [a, b] = [randomUnit(), randomUnit()];
    expect(Math.abs(dot(a, b) - dot(dequantise(quantise(a)), dequantise(quantise(b))))).toBeLessThan(0.02);
  }
});

test("the largest component uses the whole range of int8, in both directions", () => {
  expect(Array.from(new Int8Array(quantise([0.5, -1, 0, 1]).buffer))).toEqual([64, -127, 0, 127]);
});

test("one byte a dimension, readable from the middle of a larger buffer", () => {
  const bytes = quantise(randomUnit());
  expect(bytes).toHaveLength(128);
  const page = new Uint8Array(300);
  page.set(bytes, 77);
  expect(dequantise(page.subarray(77, 77 + 128))).toEqual(dequantise(bytes));
});

test("zeros stay zeros", () => {
  expect(Array.from(dequantise(quantise([0, 0, 0])))).toEqual([0, 0, 0]);
  expect(Array.from(normalise(new Float32Array(3)))).toEqual([0, 0, 0]);
});
