import { expect, test } from "vitest";
import { withinBytes } from "./max-bytes.ts";

function encoder() {
  const tried: number[] = [];
  return {
    tried,
    make: async (quality: number) => {
      tried.push(quality);
      return new Uint8Array(quality * 100);
    },
  };
}

test("what fits is taken as it was asked for", async () => {
  const { tried, make } = encoder();
  expect(await withinBytes({ maxBytes: 8_500, quality: 85 }, make)).toHaveLength(8_500);
  expect(tried).toEqual([85]);
});

test("the best quality that fits is found in a few tries", async () => {
  for (const maxBytes of [8_499, 4_242, 100]) {
    const { tried, make } = encoder();
    expect(await withinBytes({ maxBytes, quality: 85 }, make)).toHaveLength(Math.floor(maxBytes / 100) * 100);
    expect(tried.length).toBeLessThanOrEqual(8);
  }
});

test("when nothing fits, the smallest", async () => {
  expect(await withinBytes({ maxBytes: 50, quality: 85 }, encoder().make)).toHaveLength(100);
});
