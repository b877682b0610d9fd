import { expect, test } from "vitest";
import { planGeometry, scaleDown, scaleRegion } from "./geometry.ts";
import { presets } from "./presets.ts";

const whole = (width: number, height: number) => ({ left: 0, top: 0, width, height });

test.each([
  // source, box, crop, output
  [1080, 720, 500, 500, whole(1080, 720), [500, 333]],
  [1080, 720, 2000, 2000, whole(1080, 720), [1080, 720]],
  [3000, 4000, 474, 632, whole(3000, 4000), [474, 632]],
  [400, 533, 474, 632, whole(400, 533), [400, 533]],
  [2725, 2225, 474, 632, whole(2725, 2225), [474, 387]],
  [1, 30_000, 474, 632, whole(1, 30_000), [1, 632]],
  [30_000, 1, 474, 632, whole(30_000, 1), [474, 1]],
  [900, 1200, 236, null, whole(900, 1200), [236, 315]],
  [900, 1200, null, 300, whole(900, 1200), [225, 300]],
  [200, 100, 236, null, whole(200, 100), [200, 100]],
])("scale-down of %i×%i into %o×%o", (width, height, boxWidth, boxHeight, crop, [outWidth, outHeight]) => {
  expect(planGeometry({ width, height }, { fit: "scale-down", width: boxWidth, height: boxHeight })).toMatchObject({
    crop,
    output: { width: outWidth, height: outHeight },
  });
});

test.each([
  [1080, 720, 500, 500, { left: 180, top: 0, width: 720, height: 720 }],
  [720, 1080, 500, 500, { left: 0, top: 180, width: 720, height: 720 }],
  [400, 400, 236, 236, whole(400, 400)],
  [100, 80, 236, 236, { left: 10, top: 0, width: 80, height: 80 }],
  [1, 1, 236, 236, whole(1, 1)],
  [10_000, 1, 236, 236, { left: 4999, top: 0, width: 1, height: 1 }],
  [1600, 900, 100, 200, { left: 575, top: 0, width: 450, height: 900 }],
])("cover of %i×%i by %i×%i", (width, height, boxWidth, boxHeight, crop) => {
  expect(planGeometry({ width, height }, { fit: "cover", width: boxWidth, height: boxHeight })).toMatchObject({
    crop,
    output: { width: boxWidth, height: boxHeight },
  });
});

test("for every source no side is 0, nothing is enlarged and the ratio is kept within a pixel", () => {
  for (const width of [1, 2, 3, 149, 236, 237, 640, 1001, 4032, 16_383]) {
    for (const height of [1, 2, 7, 150, 475, 999, 3024, 20_000]) {
      for (const plan of Object.values(presets)) {
        const { crop, output } = planGeometry({ width, height }, plan);
        expect(Math.min(output.width, output.height, crop.width, crop.height)).toBeGreaterThanOrEqual(1);
        expect(crop.left + crop.width).toBeLessThanOrEqual(width);
        expect(crop.top + crop.height).toBeLessThanOrEqual(height);
        if (plan.fit === "cover") expect(output).toEqual({ width: plan.width, height: plan.height });
        else {
          expect(output.width).toBeLessThanOrEqual(Math.min(width, plan.width));
          expect(output.height).toBeLessThanOrEqual(Math.min(height, plan.height));
          const exactHeight = (output.width * height) / width;
          const exactWidth = (output.height * width) / height;
          expect(Math.min(Math.abs(exactHeight - output.height), Math.abs(exactWidth - output.width))).toBeLessThan(1);
        }
      }
    }
  }
});

test("an open side follows from the other, however long", () => {
  expect(scaleDown({ width: 736, height: 60_000 }, { width: 368, height: null })).toEqual({
    width: 368,
    height: 30_000,
  });
});

test("a region stays inside a reduced picture", () => {
  const from = { width: 1001, height: 7 };
  const to = { width: 126, height: 1 };
  expect(scaleRegion({ left: 497, top: 0, width: 7, height: 7 }, from, to)).toEqual({
    left: 63,
    top: 0,
    width: 1,
    height: 1,
  });
  expect(scaleRegion({ left: 1000, top: 6, width: 1, height: 1 }, from, to)).toEqual({
    left: 125,
    top: 0,
    width: 1,
    height: 1,
  });
  expect(scaleRegion(whole(1001, 7), from, to)).toEqual(whole(126, 1));
});
