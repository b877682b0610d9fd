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

test("each stretch has the same mix of renditions", () => {
  const pins = Array.from({ length: 24 }, (_, i) => `pin${i}`);
  const stretch = uniqueRenditions.length;
  const paths = [...uniquePaths(pins)];
  for (let from = 0; from + stretch <= paths.length; from += stretch) {
    const names = paths.slice(from, from + stretch).map((path) => path.split("/").at(-1));
    expect(new Set(names).size).toBe(stretch);
  }
});
