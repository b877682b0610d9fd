import type { Raster } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { dssim, encodeByLikeness } from "./perceptual-quality.ts";
import { drawCompass } from "./testing/draw.ts";

const picture = drawCompass({ width: 64, height: 48 });

/** Noise that grows as the quality falls: 0 at 100. */
function worsened(quality: number): Raster {
  const data = picture.data.map((value, i) =>
    i % 4 === 3 ? value : Math.max(0, Math.min(255, value + ((((i * 7_919) % 13) - 6) * (100 - quality)) / 60)),
  );
  return { ...picture, data };
}

test("a picture is like itself, and less like one with more noise", () => {
  expect(dssim(picture, picture)).toBe(0);
  expect(dssim(picture, worsened(60))).toBeGreaterThan(0.001);
  expect(dssim(picture, worsened(20))).toBeGreaterThan(dssim(picture, worsened(60)));
  expect(
    dssim({ width: 3, height: 2, data: new Uint8Array(24) }, { width: 3, height: 2, data: new Uint8Array(24) }),
  ).toBe(0);
});

test("the lowest quality that is like enough is taken, in a few encodes", () => {
  const tried: number[] = [];
  const encode = (quality: number) => {
    tried.push(quality);
    return Uint8Array.of(quality);
  };
  const [found = 0] = encodeByLikeness(picture, { encode, decode: ([quality = 0]) => worsened(quality) });
  expect(found).toBeGreaterThan(40);
  expect(found).toBeLessThan(92);
  expect(dssim(picture, worsened(found))).toBeLessThanOrEqual(0.012);
  expect(dssim(picture, worsened(found - 1))).toBeGreaterThan(0.012);
  expect(tried.length).toBeLessThanOrEqual(7);
});

test("what is always alike gets the lowest, what never is the highest", () => {
  const encode = (quality: number) => Uint8Array.of(quality);
  expect(encodeByLikeness(picture, { encode, decode: () => picture })).toEqual(Uint8Array.of(40));
  expect(encodeByLikeness(picture, { encode, decode: () => worsened(0) })).toEqual(Uint8Array.of(92));
});
