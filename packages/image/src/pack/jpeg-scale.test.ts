import { describe, expect, it } from "vitest";
import { jpegPlanes } from "./jpeg-scale.ts";

const subsampled = [
  { h: 2, v: 2 },
  { h: 1, v: 1 },
  { h: 1, v: 1 },
];
const full = subsampled.map(() => ({ h: 1, v: 1 }));

function eighths(samplings: typeof full, shrink: number, divisor: 1 | 2): number[] {
  const crop = { width: 4000, height: 3000 };
  const output = { width: crop.width / shrink, height: crop.height / shrink };
  return jpegPlanes({ ...crop, samplings, hasChroma: true }, { crop, output, divisor }).map(({ eighth }) => eighth);
}

describe("scaled decoding", () => {
  it("shrinks luma by the largest step that leaves one more whole step to the filter", () => {
    const luma = (shrink: number) => eighths(subsampled, shrink, 2)[0];
    expect([1, 1.9, 2, 2.9, 3, 3.9, 4, 4.9, 5, 8, 8.9, 9, 50].map(luma)).toEqual([
      8, 8, 8, 8, 4, 4, 4, 4, 2, 2, 2, 1, 1,
    ]);
  });

  it("never decodes chroma finer than the result needs it", () => {
    expect(eighths(subsampled, 2.5, 2)).toEqual([8, 4, 4]);
    expect(eighths(full, 2.5, 2)).toEqual([8, 2, 2]);
    expect(eighths(subsampled, 2.5, 1)).toEqual([8, 8, 8]);
    expect(eighths(subsampled, 1, 1)).toEqual([8, 8, 8]);
  });

  it("decodes a luma that is coarser than its chroma, and planes of RGB, by what each holds", () => {
    const crop = { width: 4000, height: 3000 };
    const output = { width: 1000, height: 750 };
    const coarse = [
      { h: 1, v: 1 },
      { h: 2, v: 2 },
      { h: 1, v: 1 },
    ];
    const planes = jpegPlanes({ ...crop, samplings: coarse, hasChroma: true }, { crop, output, divisor: 1 });
    expect(planes.map(({ eighth }) => eighth)).toEqual([8, 2, 4]);
    const rgb = jpegPlanes({ ...crop, samplings: full, hasChroma: false }, { crop, output, divisor: 1 });
    expect(rgb.map(({ eighth }) => eighth)).toEqual([4, 4, 4]);
  });

  it("takes whole samples of luma for the whole picture, as libvips does", () => {
    const picture = { width: 2725, height: 2225, samplings: subsampled, hasChroma: true };
    const [luma, chroma] = jpegPlanes(picture, { crop: picture, output: { width: 736, height: 601 }, divisor: 2 });
    expect(luma?.eighth).toBe(4);
    expect(luma?.size).toEqual({ width: 1363, height: 1113 });
    expect((luma?.densityX ?? 0) * 2725).toBeCloseTo(1362);
    expect((chroma?.densityX ?? 0) * 2).toBeCloseTo(luma?.densityX ?? 0);
  });

  it("gives a picture of one pixel one sample", () => {
    const picture = { width: 1, height: 1, samplings: subsampled, hasChroma: true };
    const planes = jpegPlanes(picture, { crop: picture, output: { width: 1, height: 1 }, divisor: 2 });
    expect(planes.map(({ size }) => size)).toEqual(planes.map(() => ({ width: 1, height: 1 })));
    expect(planes.every(({ densityX }) => densityX > 0)).toBe(true);
  });
});
