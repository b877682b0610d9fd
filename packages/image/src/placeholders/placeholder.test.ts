import type { Raster } from "@vitrine/contracts";
import { decode, isBlurhashValid } from "blurhash";
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA, thumbHashToRGBA } from "thumbhash";
import { expect, test } from "vitest";
import { describePicture } from "./describe.ts";
import { blurhashOf, placeholdersOf, thumbhashOf } from "./placeholder.ts";

type Color = readonly [red: number, green: number, blue: number, alpha: number];
const red: Color = [220, 30, 30, 255];
const blue: Color = [20, 40, 200, 255];
const clear: Color = [0, 0, 0, 0];

/** Left and right half. */
function halves(width: number, height: number, [left, right]: readonly [Color, Color]): Raster {
  const pixels = Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? left : right));
  return { width, height, data: Uint8Array.from(pixels.flat()) };
}

const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, "base64"));

test("a BlurHash shows each colour in its half", () => {
  const hash = blurhashOf(halves(48, 32, [red, blue]));
  expect(isBlurhashValid(hash).result).toBe(true);
  const pixels = decode(hash, 8, 4);
  const at = (x: number) => [...pixels.subarray((8 + x) * 4, (8 + x) * 4 + 3)];
  const [left, right] = [at(0), at(7)];
  expect(left[0]).toBeGreaterThan(150);
  expect(left[2]).toBeLessThan(100);
  expect(right[0]).toBeLessThan(100);
  expect(right[2]).toBeGreaterThan(150);
});

test("a BlurHash has more waves along the longer side", () => {
  // The first character holds both counts: (across − 1) + (down − 1) · 9, in base 83.
  const counts = (width: number, height: number) => blurhashOf(halves(width, height, [red, blue])).charAt(0);
  expect([counts(48, 32), counts(32, 48), counts(32, 32)]).toEqual(["L", "T", "L"]);
});

test("a BlurHash of what is transparent is white, whatever colour hides there", () => {
  const [r, g, b] = decode(blurhashOf(halves(16, 16, [clear, clear])), 1, 1);
  expect(Math.min(r ?? 0, g ?? 0, b ?? 0)).toBeGreaterThan(250);
});

test("a ThumbHash has the picture's shape, colours and transparency", () => {
  const opaque = bytesOf(thumbhashOf(halves(60, 30, [red, blue])));
  expect(thumbHashToApproximateAspectRatio(opaque)).toBe(7 / 4); // its own: the waves kept along and across
  const { rgba, w } = thumbHashToRGBA(opaque);
  expect(rgba[0]).toBeGreaterThan(150);
  expect(rgba[(w - 1) * 4 + 2]).toBeGreaterThan(150);
  expect(thumbHashToAverageRGBA(opaque).a).toBe(1);
  expect(thumbHashToAverageRGBA(bytesOf(thumbhashOf(halves(60, 30, [red, clear])))).a).toBeCloseTo(0.5, 1);
});

test("base64 is what everybody reads, at every length", () => {
  const lengths = new Set<number>();
  for (let width = 1; width <= 100; width += 9) {
    for (const raster of [halves(width, 40, [red, blue]), halves(width, 40, [red, clear])]) {
      const text = thumbhashOf(raster);
      expect(Buffer.from(text, "base64").toString("base64")).toBe(text);
      lengths.add(Buffer.from(text, "base64").length % 3);
    }
  }
  expect([...lengths].sort()).toEqual([0, 1, 2]);
});

test("one pixel has both, and what is too large has none", () => {
  expect(placeholdersOf({ width: 1, height: 1, data: Uint8Array.from(red) })).toEqual({
    blurhash: expect.stringMatching(/^.{28}$/),
    thumbhash: expect.stringMatching(/^[\w+/=]{8,}$/),
  });
  expect(() => placeholdersOf(halves(101, 1, [red, blue]))).toThrow(RangeError);
  expect(() => placeholdersOf(halves(1, 101, [red, blue]))).toThrow("100×100");
});

test("a picture is described by the size of its original and the mean of its pixels", () => {
  const original = { width: 4000, height: 3000, format: "jpeg" as const };
  const raster = halves(64, 48, [red, red]);
  const record = describePicture(raster, original);
  expect(record).toMatchObject({ ...original, ...placeholdersOf(raster) });
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(record.averageColor.slice(at, at + 2), 16));
  expect(Math.max(Math.abs(r - red[0]), Math.abs(g - red[1]), Math.abs(b - red[2]))).toBeLessThan(12);
});
