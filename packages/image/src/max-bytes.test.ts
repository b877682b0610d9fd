import { expect, test } from "vitest";
import { mostTries, withinBytes } from "./max-bytes.ts";

function encoder(bytesAt: (quality: number) => number) {
  const tried: number[] = [];
  const make = (quality: number) => {
    tried.push(quality);
    return new Uint8Array(Math.round(bytesAt(quality)));
  };
  return { tried, make };
}

const straight = (quality: number) => quality * 100;
/** What photographs do. */
const exponential = (quality: number) => 4_000 * Math.exp(quality / 32);

test("what fits is taken as it was asked for", () => {
  const { tried, make } = encoder(straight);
  expect(withinBytes({ maxBytes: 8_500, quality: 85 }, make)).toHaveLength(8_500);
  expect(tried).toEqual([85]);
});

test.each([
  ["a line", straight, [8_499, 4_242, 100]],
  ["a photograph", exponential, [57_000, 30_000, 12_000, 4_300]],
  ["steps", (quality: number) => (quality > 40 ? 90_000 : 10_000 + quality), [20_000]],
])("of %s, the best quality that fits is found, or one that leaves 5 per cent", (_, bytesAt, limits) => {
  for (const maxBytes of limits) {
    const { tried, make } = encoder(bytesAt);
    const made = withinBytes({ maxBytes, quality: 85 }, make);
    expect(made.length).toBeLessThanOrEqual(maxBytes);
    const best = Math.max(
      ...Array.from({ length: 85 }, (_, i) => Math.round(bytesAt(i + 1))).filter((n) => n <= maxBytes),
    );
    expect(made.length).toBeGreaterThanOrEqual(Math.min(best, 0.95 * maxBytes));
    expect(tried.length).toBeLessThanOrEqual(mostTries);
  }
});

test("a photograph takes few tries", () => {
  for (const maxBytes of [50_000, 40_000, 30_000, 20_000, 10_000]) {
    const { tried, make } = encoder(exponential);
    withinBytes({ maxBytes, quality: 85 }, make);
    expect(tried.length, `${maxBytes}`).toBeLessThanOrEqual(4);
  }
});

test("what keeps to no line ends with something that fits", () => {
  const { tried, make } = encoder((quality) => (quality > 1 ? 90_000 : 10));
  expect(withinBytes({ maxBytes: 80_000, quality: 100 }, make)).toHaveLength(10);
  expect(tried.length).toBeLessThanOrEqual(mostTries);
});

test("when nothing fits, the smallest", () => {
  expect(withinBytes({ maxBytes: 50, quality: 85 }, encoder(straight).make)).toHaveLength(100);
  expect(withinBytes({ maxBytes: 50, quality: 1 }, encoder(straight).make)).toHaveLength(100);
});
