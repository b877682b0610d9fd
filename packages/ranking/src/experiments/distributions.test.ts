import { expect, test } from "vitest";
import { chiSquareTail, normalCdf, normalQuantile } from "./distributions.ts";
import { sampleRatioPValue } from "./sample-ratio.ts";

test("the normal distribution is that of the tables", () => {
  // Abramowitz & Stegun, table 26.1.
  for (const [z, p] of [
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [1, 0.8413447460685429],
    [1.96, 0.9750021048517795],
    [3, 0.9986501019683699],
    [5, 0.9999997133484281],
    [-2, 0.022750131948179195],
  ] as const) {
    expect(Math.abs(normalCdf(z) - p)).toBeLessThan(1e-12);
  }
});

test("quantiles are those of the tables and the inverse of the distribution", () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 10);
  expect(normalQuantile(0.8)).toBeCloseTo(0.8416212335729143, 10);
  expect(normalQuantile(0.0005)).toBeCloseTo(-3.290526731491926, 9);
  for (const p of [1e-6, 0.01, 0.02425, 0.3, 0.5, 0.9, 0.999]) expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
});

test("chi-square is that of the tables", () => {
  // Critical values of NIST's handbook, 1.3.6.7.4, of three decimals.
  for (const [x, degreesOfFreedom, p] of [
    [3.841, 1, 0.05],
    [10.828, 1, 0.001],
    [5.991, 2, 0.05],
    [18.307, 10, 0.05],
    [149.449, 100, 0.001],
    [77.929, 100, 0.95],
  ] as const) {
    expect(Math.abs(chiSquareTail(x, degreesOfFreedom) / p - 1)).toBeLessThan(0.001);
  }
  // Of two degrees of freedom it is exp(-x / 2).
  expect(chiSquareTail(7, 2)).toBeCloseTo(Math.exp(-3.5), 13);
  expect(chiSquareTail(0, 3)).toBe(1);
});

test("a sample ratio is doubted where chance makes it once in a thousand", () => {
  const halves = (a: number, b: number) =>
    sampleRatioPValue([
      { users: a, share: 0.5 },
      { users: b, share: 0.5 },
    ]);
  expect(halves(500, 500)).toBe(1);
  // (1,000 · 0.0329²): 10.8 is the critical value at 0.001.
  expect(halves(5_000, 5_300)).toBeGreaterThan(0.001);
  expect(halves(5_000, 5_400)).toBeLessThan(0.001);
  expect(halves(0, 0)).toBeNull();
  expect(halves(100, 0)).toBeLessThan(1e-20);
});
