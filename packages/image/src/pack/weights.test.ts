import { describe, expect, it } from "vitest";
import { type Filter, filterFor } from "./weights.ts";

const unity = 16_384;

function rowOf({ taps, weights, starts, offset }: Filter, i: number): { first: number; weights: number[] } {
  return { first: offset + (starts[i] ?? 0), weights: [...weights.subarray(i * taps, (i + 1) * taps)] };
}

describe("a filter", () => {
  it("is the identity where nothing is scaled", () => {
    const filter = filterFor({ origin: 0, step: 1, count: 40, low: 0, high: 40 }, { multiple: 8 });
    for (let i = 0; i < 40; i++) {
      const { first, weights } = rowOf(filter, i);
      expect(weights.flatMap((weight, k) => (weight ? [first + k, weight] : []))).toEqual([i, unity]);
    }
  });

  it("sums to one for every output sample, at the edges too, so that flat areas stay flat", () => {
    for (const [step, count] of [
      [3.7, 200],
      [1.01, 500],
      [0.4, 90],
      [40, 3],
    ] as const) {
      const high = Math.ceil(step * count);
      const filter = filterFor({ origin: 0, step, count, low: 0, high }, { multiple: 8 });
      for (let i = 0; i < count; i++) {
        const sum = rowOf(filter, i).weights.reduce((a, b) => a + b, 0);
        expect(sum).toBe(unity);
      }
    }
  });

  it("carries its gain", () => {
    const filter = filterFor({ origin: 0, step: 2, count: 10, low: 0, high: 20 }, { multiple: 2, gain: 219 / 255 });
    expect(rowOf(filter, 4).weights.reduce((a, b) => a + b, 0)).toBe(Math.round((unity * 219) / 255));
  });

  it("is centred on the output sample's middle", () => {
    const filter = filterFor({ origin: 5, step: 3, count: 20, low: 0, high: 100 }, { multiple: 8 });
    const { first, weights } = rowOf(filter, 10);
    const centre = weights.reduce((sum, weight, k) => sum + weight * (first + k + 0.5), 0) / unity;
    expect(centre).toBeCloseTo(5 + 10.5 * 3, 2);
  });

  it("never reads outside of its window", () => {
    const filter = filterFor({ origin: 10, step: 2.5, count: 12, low: 10, high: 40 }, { multiple: 8 });
    expect(filter.offset).toBe(10);
    expect(filter.length).toBe(30);
    for (let i = 0; i < 12; i++) {
      const { first, weights } = rowOf(filter, i);
      const last = first + weights.findLastIndex((weight) => weight !== 0);
      expect(first).toBeGreaterThanOrEqual(10);
      expect(last).toBeLessThan(40);
    }
  });

  it("works for one sample made of one sample, and of thousands", () => {
    expect(rowOf(filterFor({ origin: 0, step: 1, count: 1, low: 0, high: 1 }, { multiple: 8 }), 0).weights[0]).toBe(
      unity,
    );
    const wide = filterFor({ origin: 0, step: 9000, count: 1, low: 0, high: 9000 }, { multiple: 8 });
    expect(rowOf(wide, 0).weights.reduce((a, b) => a + b, 0)).toBe(unity);
  });
});
