import { expect, test } from "vitest";
import { pinsFor, uniquePaths, uniqueRenditions } from "./pictures.ts";

test("no path comes twice, and there are enough for every request", () => {
  for (const requests of [1, 12, 13, 1500]) {
    const pins = Array.from({ length: pinsFor(requests) }, (_, i) => `pin${i}`);
    const paths = [...uniquePaths(pins)];
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.length).toBeGreaterThanOrEqual(requests);
  }
});

test("what is made with the upload, and the original, are not among them", () => {
  expect(uniqueRenditions).toContain("large.jpg");
  expect(uniqueRenditions.some((name) => /original|feed\.webp|thumbnail\.webp/.test(name))).toBe(false);
});
