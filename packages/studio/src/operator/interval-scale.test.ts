import type { VariantResult } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { intervalScale } from "./interval-scale.ts";

const known = (low: number, high: number, usual = { low, high }): VariantResult => ({
  ...{ variant: "b", users: 500, mean: 1, variance: 1, lift: 0 },
  ...{ interval: usual, alwaysValidInterval: { low, high }, alwaysValidPValue: 0.5 },
});
const control: VariantResult = {
  ...{ variant: "control", users: 500, mean: 1, variance: 1, lift: null },
  ...{ interval: null, alwaysValidInterval: null, alwaysValidPValue: null },
};

test("without an interval there is no line", () => {
  expect(intervalScale([control, control], 0.05)).toBeNull();
});

test("the line has room for nought, every interval and the effect that is looked for", () => {
  const scale = intervalScale([control, known(0.2, 0.3), known(0.25, 0.45, { low: 0.15, high: 0.35 })], 0.6);
  expect(scale?.low).toBeLessThan(-0.02);
  expect(scale?.high).toBeGreaterThan(0.6);
  const places = [-0.02, 0, 0.15, 0.45, 0.6].map((lift) => scale?.at(lift) ?? 0);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
  expect(places[4]).toBeLessThan(100);
});

test("an interval beyond any use ends at the end of the line", () => {
  const scale = intervalScale([known(-0.99, 40)], null);
  expect(scale?.high).toBeLessThan(2.5);
  expect([scale?.at(40), scale?.at(-7)]).toEqual([100, 0]);
});

test.each([
  [-0.004, 0.003],
  [-0.3, 0.42],
  [-0.97, 1.8],
  [0.01, 0.02],
])("from %d to %d there are two to six ticks within, nought among them, all the same apart", (low, high) => {
  const scale = intervalScale([known(low, high)], null);
  if (!scale) throw new Error("no scale");
  expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
  expect(scale.ticks.length).toBeLessThanOrEqual(6);
  expect(scale.ticks.some((tick) => tick === 0)).toBe(true);
  const gaps = scale.ticks.slice(1).map((tick, i) => tick - (scale.ticks[i] ?? 0));
  for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0] ?? 0, 9);
  for (const tick of scale.ticks) expect(tick >= scale.low && tick <= scale.high).toBe(true);
});
