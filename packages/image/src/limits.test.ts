import { expect, test } from "vitest";
import { assertDecodable, maxPixelsOf, pictureLimits } from "./limits.ts";
import { planPicture } from "./pipeline.ts";
import { planForPreset } from "./presets.ts";
import type { PictureProbe } from "./probe/picture.ts";

const photo: PictureProbe = {
  ...{ format: "jpeg", contentType: "image/jpeg", width: 4032, height: 3024, orientation: 1 },
  ...{ hasAlpha: false, isAnimated: false, bitDepth: 8, channels: 3, coding: "plain", samplesPerPixel: 1.5 },
  fileBytes: 4_000_000,
};
const thrown = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error("nothing was refused");
};

test("a photo of 12 megapixels is taken, for every preset and format", () => {
  assertDecodable(photo);
  for (const format of ["jpeg", "webp", "avif", "png"] as const) {
    const { predictedBytes } = planPicture(photo, [planForPreset("zoom", format)]);
    expect(predictedBytes).toBeLessThanOrEqual(pictureLimits.pictureBudgetBytes);
  }
});

test("too many pixels are refused with the limit and the picture's size", () => {
  const refusal = thrown(() => assertDecodable({ ...photo, width: 20_000, height: 14_000, channels: 1 }));
  expect(refusal.code).toBe("too-many-pixels");
  expect(refusal.message).toContain("280.0 megapixels (20000×14000)");
  expect(refusal.message).toMatch(/may have 1\d\.\d/);
});

test("codings that take more memory end earlier, and so do large files", () => {
  const plain = maxPixelsOf(photo);
  expect(maxPixelsOf({ ...photo, coding: "progressive" })).toBeLessThan(plain);
  expect(maxPixelsOf({ ...photo, coding: "progressive", samplesPerPixel: 3 })).toBeLessThan(8_000_000);
  expect(maxPixelsOf({ ...photo, fileBytes: 28_000_000 })).toBeLessThan(plain / 2);
  const png = { ...photo, format: "png" } as const;
  expect(maxPixelsOf(png)).toBeLessThan(maxPixelsOf({ ...png, channels: 4, hasAlpha: true }));
});

test("whatever passes the header fits into the budget with everything that ingest makes", () => {
  const plans = [planForPreset("feed", "webp"), planForPreset("thumbnail", "webp")];
  const kinds: Partial<PictureProbe>[] = [
    { format: "jpeg" },
    { format: "jpeg", coding: "progressive" },
    { format: "jpeg", coding: "progressive", samplesPerPixel: 3 },
    { format: "png", channels: 3, bitDepth: 16, samplesPerPixel: 3 },
    { format: "png", channels: 4, hasAlpha: true, samplesPerPixel: 4 },
    { format: "webp" },
    { format: "webp", coding: "lossless", hasAlpha: true, channels: 4 },
    { format: "avif", samplesPerPixel: 3 },
    { format: "avif", bitDepth: 10 },
  ];
  for (const kind of kinds) {
    for (const orientation of [1, 6] as const) {
      const probe = { ...photo, ...kind, orientation, fileBytes: 1_000_000 } satisfies PictureProbe;
      const side = Math.floor(Math.sqrt(maxPixelsOf({ ...probe, width: 9_000, height: 9_000 })));
      const largest = { ...probe, width: side, height: side };
      const { predictedBytes } = planPicture(largest, plans, 256);
      expect(predictedBytes, JSON.stringify(kind)).toBeLessThanOrEqual(pictureLimits.pictureBudgetBytes);
      expect(thrown(() => assertDecodable({ ...largest, width: side * 1.1 })).code).toBe("too-many-pixels");
    }
  }
});

test.each([
  [{ format: "gif" }, /GIF/],
  [{ format: "webp", isAnimated: true }, /Animated WEBP/],
  [{ format: "avif", isAnimated: true }, /Animated AVIF/],
  [{ coding: "arithmetic" }, /arithmetic/],
  [{ coding: "lossless" }, /[Ll]ossless/],
  [{ bitDepth: 12 }, /12 bits/],
  [{ channels: 4 }, /CMYK/],
] as const)("%o is refused by name", (kind, words) => {
  const refusal = thrown(() => assertDecodable({ ...photo, ...kind }));
  expect(refusal.code).toBe("unsupported-media-type");
  expect(refusal.message).toMatch(words);
});
