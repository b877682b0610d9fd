import { describe, expect, it } from "vitest";
import { turns } from "./orientation.ts";
import { type PlaneSource, planeFilters } from "./planes.ts";

const luma: PlaneSource = {
  densityX: 1,
  densityY: 1,
  size: { width: 100, height: 80 },
  channels: 1,
  premultiply: false,
  isLikeSharp: false,
  range: { gain: 1, offset: 0 },
};
const chroma: PlaneSource = { ...luma, densityX: 0.5, densityY: 0.5, size: { width: 50, height: 40 } };
const whole = { left: 0, top: 0, width: 100, height: 80 };

function centreOf(source: PlaneSource, sample: number, turn: (typeof turns)[1 | 2], output = 25): number {
  const { x } = planeFilters(source, { crop: whole, output: { width: output, height: 20 }, turn, divisor: 2 });
  let sum = 0;
  for (let k = 0; k < x.taps; k++) {
    sum += (x.weights[sample * x.taps + k] ?? 0) * (x.offset + (x.starts[sample] ?? 0) + k + 0.5);
  }
  return sum / 16_384;
}

describe("the geometry of planes", () => {
  it("reads only the window that a crop needs", () => {
    const crop = { left: 40, top: 10, width: 20, height: 30 };
    const { x, y } = planeFilters(luma, { crop, output: { width: 10, height: 15 }, turn: turns[1], divisor: 1 });
    expect([x.offset, x.length, y.offset, y.length]).toEqual([40, 20, 10, 30]);
  });

  it("filters chroma straight to the encoder's resolution, sited in the middle of its pixels", () => {
    // The result's pixels 8 and 9 of 25 lie over the source's 32 to 40, in chroma samples 16 to 20.
    expect(centreOf(chroma, 4, turns[1])).toBeCloseTo(18, 2);
  });

  it("leaves the odd half sample of chroma at the upright picture's right edge", () => {
    // 25 pixels are 12 samples of two and one of one. Stored as it stands, sample 6 has the pixels 12 and 13; to be
    // mirrored, 11 and 12, since the sample of one pixel is its first.
    expect(centreOf(chroma, 6, turns[1])).toBeCloseTo(26, 1);
    expect(centreOf(chroma, 6, turns[2])).toBeCloseTo(24, 1);
  });

  it("rounds odd sizes of chroma up", () => {
    const { output } = planeFilters(chroma, {
      crop: whole,
      output: { width: 25, height: 19 },
      turn: turns[1],
      divisor: 2,
    });
    expect(output).toEqual({ width: 13, height: 10 });
  });

  it("averages boxes before it filters where the scale is large, so that memory stays bounded", () => {
    const source = { ...luma, size: { width: 60_000, height: 60_000 } };
    const crop = { left: 0, top: 0, width: 60_000, height: 60_000 };
    const { box, y } = planeFilters(source, { crop, output: { width: 2, height: 2 }, turn: turns[1], divisor: 1 });
    expect(box).toBe(5000);
    expect(y.taps).toBeLessThan(50);
  });

  it("folds a change of range into the vertical pass", () => {
    const range = { gain: 219 / 255, offset: 16 };
    const { x, y, bias } = planeFilters(
      { ...luma, range },
      { crop: whole, output: { width: 50, height: 40 }, turn: turns[1], divisor: 1 },
    );
    const sum = (taps: number, weights: Int16Array) => weights.subarray(0, taps).reduce((a, b) => a + b, 0);
    expect(sum(x.taps, x.weights)).toBe(16_384);
    expect((255 * sum(y.taps, y.weights) + bias) >> 14).toBe(235);
    expect(bias >> 14).toBe(16);
  });
});
