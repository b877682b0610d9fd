import { expect, test } from "vitest";
import { resample } from "./resample.ts";
import { draw } from "./test-pictures.ts";

test("a new pixel is the mean of what it covers, in parts too", () => {
  const stripes = draw(3, 1, (x) => [x < 0.34 ? 0 : x < 0.67 ? 90 : 240, 0, 0]);
  expect([...resample(stripes, 1, 1).data]).toEqual([110, 0, 0, 255]);
  expect([...resample(stripes, 2, 1).data]).toEqual([30, 0, 0, 255, 190, 0, 0, 255]);
});

test("enlarging repeats, and the same size changes nothing", () => {
  const picture = draw(4, 3, (x, y) => [x * 255, y * 255, 10]);
  expect(resample(picture, 4, 3)).toEqual(picture);
  const dot = draw(1, 1, () => [1, 2, 3]);
  expect(resample(dot, 5, 4)).toEqual(draw(5, 4, () => [1, 2, 3]));
});

test("what is transparent shows white, whatever colour hides in it", () => {
  expect([
    ...resample(
      draw(2, 2, () => [255, 0, 0, 0]),
      1,
      1,
    ).data,
  ]).toEqual([255, 255, 255, 255]);
  expect([
    ...resample(
      draw(2, 2, () => [0, 0, 0, 51]),
      1,
      1,
    ).data,
  ]).toEqual([204, 204, 204, 255]);
});
