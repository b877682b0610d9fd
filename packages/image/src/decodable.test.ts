import { expect, test } from "vitest";
import { assertDecodable, maxPixelsOf } from "./decodable.ts";
import { pictureLimits } from "./limits.ts";
import type { MemoryProbe } from "./pack/memory.ts";
import { planPicture } from "./pipeline.ts";
import { planForPreset } from "./presets.ts";

const photo: MemoryProbe = {
  ...{ format: "jpeg", contentType: "image/jpeg", width: 4032, height: 3024, orientation: 1 },
  ...{ hasAlpha: false, isAnimated: false, bitDepth: 8, channels: 3, coding: "plain", samplesPerPixel: 1.5 },
  ...{ fileBytes: 4_000_000, isInterlaced: false, mayNeedRgba: false },
};
const phone = { ...photo, width: 8064, height: 6048, fileBytes: 14_000_000 };
const thrown = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error("nothing was refused");
};

test.each([
  ["48 megapixels of a phone", phone],
  ["12 megapixels, progressive", { ...photo, coding: "progressive" }],
  ["24 megapixels of PNG", { ...photo, format: "png", width: 6000, height: 4000, fileBytes: 28_000_000 }],
  ["100 megapixels of baseline JPEG", { ...photo, width: 10_000, height: 10_000, fileBytes: 30_000_000 }],
] as const)("%s are taken, for every preset and format", (_, probe) => {
  assertDecodable(probe);
  for (const format of ["jpeg", "webp", "avif", "png"] as const) {
    const { predictedBytes } = planPicture(probe, [planForPreset("detail", format)]);
    expect(predictedBytes).toBeLessThanOrEqual(pictureLimits.pictureBudgetBytes);
  }
});

test("48 megapixels of baseline JPEG are predicted to take less than 48 MiB", () => {
  const { predictedBytes, needsFile } = planPicture(phone, [planForPreset("large", "webp")]);
  expect(needsFile).toBe(false);
  expect(predictedBytes).toBeLessThan(48 * 2 ** 20);
});

test("too many pixels are refused with the limit and the picture's size", () => {
  const refusal = thrown(() => assertDecodable({ ...photo, width: 20_000, height: 14_000, channels: 1 }));
  expect(refusal.code).toBe("too-many-pixels");
  expect(refusal.message).toContain("280.0 megapixels (20000×14000)");
  expect(refusal.message).toContain("may have 100.0");
});

test("a side that no JPEG can have is refused, whatever the other", () => {
  const refusal = thrown(() => assertDecodable({ ...photo, format: "png", width: 65_536, height: 2 }));
  expect(refusal).toMatchObject({ code: "too-many-pixels", message: expect.stringContaining("65536×2") });
});

test("codings that keep what they decode end earlier, and so do large files", () => {
  const progressive = maxPixelsOf({ ...photo, coding: "progressive" });
  expect(maxPixelsOf(photo)).toBe(100_000_000);
  expect(progressive).toBeGreaterThan(24_000_000);
  expect(progressive).toBeLessThan(36_000_000);
  expect(maxPixelsOf({ ...photo, coding: "progressive", samplesPerPixel: 3 })).toBeLessThan(0.6 * progressive);
  expect(maxPixelsOf({ ...photo, coding: "progressive", fileBytes: 28_000_000 })).toBeLessThan(0.8 * progressive);
  const png = { ...photo, format: "png" } as const;
  expect(maxPixelsOf({ ...png, isInterlaced: true, coding: "progressive" })).toBeLessThan(24_000_000);
  expect(maxPixelsOf({ ...photo, format: "avif" })).toBeLessThan(5_000_000);
});

test("whatever passes the header fits into the budget with everything that ingest makes", () => {
  const plans = [planForPreset("feed", "webp"), planForPreset("thumbnail", "webp")];
  const kinds: Partial<MemoryProbe>[] = [
    { coding: "progressive" },
    { coding: "progressive", samplesPerPixel: 3 },
    { coding: "arithmetic" },
    { coding: "progressive", channels: 4, samplesPerPixel: 4, mayNeedRgba: true },
    { format: "png", channels: 4, hasAlpha: true, samplesPerPixel: 4, coding: "progressive", isInterlaced: true },
    { format: "webp", coding: "lossless", hasAlpha: true, channels: 4 },
    { format: "avif", samplesPerPixel: 3 },
    { format: "avif", bitDepth: 10 },
  ];
  for (const kind of kinds) {
    for (const orientation of [1, 6] as const) {
      const probe = { ...photo, ...kind, orientation, fileBytes: 1_000_000 } satisfies MemoryProbe;
      const side = Math.floor(Math.sqrt(maxPixelsOf({ ...probe, width: 9_000, height: 9_000 })));
      const largest = { ...probe, width: side, height: side };
      const { predictedBytes } = planPicture(largest, plans, 256);
      expect(predictedBytes, JSON.stringify(kind)).toBeLessThanOrEqual(pictureLimits.pictureBudgetBytes);
      expect(predictedBytes, JSON.stringify(kind)).toBeGreaterThan(0.8 * pictureLimits.pictureBudgetBytes);
      const above = { ...largest, width: Math.round(side * 1.1) };
      expect(thrown(() => assertDecodable(above)).code).toBe("too-many-pixels");
    }
  }
});

test("a file is held only where it has to be", () => {
  const feed = planForPreset("feed", "webp");
  expect(planPicture(photo, [feed]).needsFile).toBe(false);
  expect(planPicture(photo, [feed], 256).needsFile).toBe(true);
  // Orientation may stand behind the pixels.
  expect(planPicture({ ...photo, format: "png" }, [feed]).needsFile).toBe(true);
});

test.each([
  [{ format: "avif", isAnimated: true }, /Animated AVIF/],
  [{ coding: "lossless" }, /[Ll]ossless/],
  [{ bitDepth: 12 }, /12 bits/],
  [{ channels: 2 }, /two channels/],
] as const)("%o is refused by name", (kind, words) => {
  const refusal = thrown(() => assertDecodable({ ...photo, ...kind }));
  expect(refusal.code).toBe("unsupported-media-type");
  expect(refusal.message).toMatch(words);
});
