import type { RenditionPlan } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { memoryProbe } from "./pack/memory.ts";
import { assertMakeable, planPicture } from "./pipeline.ts";
import type { PictureProbe } from "./probe/picture.ts";

const photo: PictureProbe = {
  ...{ format: "jpeg", contentType: "image/jpeg", width: 8000, height: 6000, orientation: 1, hasAlpha: false },
  ...{ isAnimated: false, bitDepth: 8, channels: 3, coding: "plain", samplesPerPixel: 1.5, fileBytes: 12_000_000 },
};
const probe = memoryProbe(photo, new Uint8Array());
const whole: RenditionPlan = { fit: "scale-down", width: null, height: null, format: "jpeg", quality: 85 };

test("a rendition has the size that was asked for, however large", () => {
  for (const [width, format] of [
    [5000, "jpeg"],
    [4000, "webp"],
    [2800, "png"],
  ] as const) {
    const { renditions, predictedBytes } = planPicture(probe, [{ ...whole, width, format }]);
    expect(renditions[0]?.shape.output).toEqual({ width, height: (width * 3) / 4 });
    expect(predictedBytes).toBeLessThanOrEqual(104_000_000);
  }
});

test.each([
  ["avif", 4000, {}],
  ["png", 8000, {}],
  ["webp", 8000, {}],
  ["jpeg", 8000, {}],
  ["jpeg", 8000, { fit: "cover", height: 8000 }],
  ["jpeg", 8000, { fit: "pad", height: 8000 }],
  ["webp", 8000, { blur: 3, border: { top: 9, right: 9, bottom: 9, left: 9, colour: 0 } }],
  ["jpeg", null, { fit: "scale-up", height: 7000 }],
] as const)("what is too large as %s is refused with the size that fits: %o %o", (format, width, changes) => {
  const plan = { ...whole, format, width, ...changes };
  const refusal = refusalOf(plan);
  const [, fittingWidth = 0, fittingHeight = 0] = (/at most (\d+)×(\d+)/.exec(refusal) ?? []).map(Number);
  expect(refusal).toMatch(format === "jpeg" ? /×\d+\.$/ : /, or for JPEG, which takes less\.$/);
  const fit = plan.fit === "scale-up" ? "contain" : plan.fit;
  assertMakeable(probe, { ...plan, fit, width: fittingWidth, height: fittingHeight });
  const more = { width: Math.ceil(fittingWidth * 1.02), height: Math.ceil(fittingHeight * 1.02) };
  expect(() => assertMakeable(probe, { ...plan, fit, ...more })).toThrow("takes more memory");
});

test("a side beyond 12,000 pixels is refused by its name, with padding and border counted", () => {
  const wide = { ...whole, fit: "squeeze", width: 24_000, height: 100 } as const;
  expect(refusalOf(wide)).toBe(
    "The rendition would have a width of 24000 pixels, and may have 12000: ask for a smaller width.",
  );
  const border = { top: 8000, right: 0, bottom: 8000, left: 0, colour: 0 };
  expect(refusalOf({ ...whole, width: 100, border })).toContain("a height of 16075 pixels");
  const scroll = memoryProbe({ ...photo, width: 500, height: 60_000 }, new Uint8Array());
  expect(() => assertMakeable(scroll, whole)).toThrow("a height of 60000 pixels");
});

function refusalOf(plan: RenditionPlan): string {
  try {
    assertMakeable(probe, plan);
  } catch (error) {
    return String((error as Error).message);
  }
  throw new Error("nothing was refused");
}
