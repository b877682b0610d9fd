import type { Raster } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { visualDimensions, visualEncoder } from "./encoder.ts";
import { pictureFeatures } from "./features.ts";
import { resample } from "./resample.ts";
import { bars, disturbed, draw, landscape, mirrored } from "./test-pictures.ts";

const picture = draw(256, 192, landscape);

function cosine(one: Raster, other: Raster): number {
  const vector = visualEncoder.encode(other);
  return visualEncoder.encode(one).reduce((sum, value, i) => sum + value * (vector[i] ?? 0), 0);
}

test.each([
  ["a picture", picture],
  ["one pixel", draw(1, 1, () => [12, 200, 7])],
  ["a line", draw(1, 400, (_, y) => [y * 255, 0, 0])],
  ["flat grey", draw(64, 64, () => [128, 128, 128])],
  ["black", draw(2, 2, () => [0, 0, 0])],
  ["transparent", draw(40, 30, (x) => [x * 255, 0, 0, 0])],
  [
    "a checkerboard of pixels",
    draw(255, 255, (x, y) => (Math.floor(x * 255 + y * 255) % 2 ? [0, 0, 0] : [255, 255, 255])),
  ],
])("%s has a finite vector of length 1", (_, raster) => {
  const vector = visualEncoder.encode(raster);
  expect(vector).toHaveLength(visualDimensions);
  expect(vector.every(Number.isFinite)).toBe(true);
  expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
});

test("pictures without edges share one vector", () => {
  expect(visualEncoder.encode(draw(1, 1, () => [1, 2, 3]))).toEqual(
    visualEncoder.encode(draw(50, 9, () => [9, 200, 90])),
  );
});

test("size, codec and mirroring hardly move a vector; another motive does", () => {
  expect(cosine(picture, resample(picture, 128, 96))).toBeGreaterThan(0.95);
  expect(cosine(picture, disturbed(picture, 4))).toBeGreaterThan(0.85);
  expect(cosine(picture, mirrored(picture))).toBeGreaterThan(0.99);
  expect(cosine(picture, draw(256, 192, bars))).toBeLessThan(0.4);
});

test("colour alone does not part two pictures of one shape", () => {
  const swapped = {
    ...picture,
    data: picture.data.map((_, i) => picture.data[i % 4 === 1 || i % 4 === 3 ? i : i ^ 2] ?? 0),
  };
  expect(cosine(picture, swapped)).toBeGreaterThan(0.6);
});

test("all features come together", () => {
  expect(pictureFeatures(picture)).toEqual({
    colors: expect.arrayContaining([expect.stringMatching(/^#[0-9a-f]{6}$/)]),
    perceptualHash: expect.stringMatching(/^[0-9a-f]{16}$/),
    embedding: visualEncoder.encode(picture),
  });
});
