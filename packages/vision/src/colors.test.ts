import { expect, test } from "vitest";
import { dominantColors } from "./colors.ts";
import { disturbed, draw } from "./test-pictures.ts";

const flag = draw(320, 320, (_, y) => (y < 0.5 ? [200, 30, 40] : y < 0.8125 ? [30, 60, 180] : [250, 220, 60]));

test("colours come by their share of the picture", () => {
  expect(dominantColors(flag, 3)).toEqual(["#c81e28", "#1e3cb4", "#fadc3c"]);
  expect(dominantColors(flag, 3)).toEqual(dominantColors(structuredClone(flag), 3));
});

test("noise does not change them much", () => {
  const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const clean = dominantColors(flag, 3).flatMap(channels);
  const noisy = dominantColors(disturbed(flag, 12), 3).flatMap(channels);
  expect(Math.max(...clean.map((value, i) => Math.abs(value - (noisy[i] ?? 0))))).toBeLessThan(8);
});

test("a picture of one colour has one, a small share counts, and near ones are one", () => {
  expect(
    dominantColors(
      draw(10, 10, () => [17, 34, 51]),
      5,
    ),
  ).toEqual(["#112233"]);
  expect(
    dominantColors(
      draw(100, 100, (x, y) => (x < 0.2 && y < 0.2 ? [255, 0, 0] : [0, 0, 0])),
      5,
    ),
  ).toEqual(["#000000", "#ff0000"]);
  expect(
    dominantColors(
      draw(100, 100, (x) => (x < 0.5 ? [100, 100, 100] : [108, 108, 108])),
      5,
    ),
  ).toHaveLength(1);
});

test("one pixel and a transparent picture have a colour", () => {
  expect(
    dominantColors(
      draw(1, 1, () => [0, 128, 255]),
      5,
    ),
  ).toEqual(["#0080ff"]);
  expect(
    dominantColors(
      draw(9, 9, () => [0, 0, 0, 0]),
      5,
    ),
  ).toEqual(["#ffffff"]);
});
