import { expect, test } from "vitest";
import { hammingDistance, perceptualHash } from "./perceptual-hash.ts";
import { bars, disturbed, draw, landscape, mirrored } from "./test-pictures.ts";

const picture = draw(256, 192, landscape);
const hash = perceptualHash(picture);

test("is 16 hex digits, half of the bits set", () => {
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(hammingDistance(hash, "0000000000000000")).toBeGreaterThan(20);
});

test.each([
  ["scaled", draw(97, 73, landscape)],
  ["stretched", draw(200, 200, landscape)],
  ["disturbed as by a codec", disturbed(picture, 12)],
  ["darker", { ...picture, data: picture.data.map((value, i) => (i % 4 === 3 ? value : value * 0.7)) }],
])("the same picture %s stays near", (_, other) => {
  expect(hammingDistance(hash, perceptualHash(other))).toBeLessThanOrEqual(6);
});

test.each([
  ["another picture", draw(256, 192, bars)],
  ["its mirror image", mirrored(picture)],
])("%s is far", (_, other) => {
  expect(hammingDistance(hash, perceptualHash(other))).toBeGreaterThan(16);
});

test("pictures without detail have the hash of zeros", () => {
  for (const value of [0, 77, 255]) {
    expect(perceptualHash(draw(31, 17, () => [value, value, value]))).toBe("0000000000000000");
  }
});

test("distance counts bits", () => {
  expect(hammingDistance("0000000000000000", "ffffffffffffffff")).toBe(64);
  expect(hammingDistance("8000000000000001", "0000000000000003")).toBe(2);
});
