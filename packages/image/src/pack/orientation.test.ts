import { describe, expect, it } from "vitest";
import type { Orientation } from "../probe/picture.ts";
import { storedRegion, turns } from "./orientation.ts";

/** A stored picture of 3×2, its pixels named by place, and what EXIF says that it looks like. */
const stored = ["abc", "def"];
const upright: Record<Orientation, string[]> = {
  1: ["abc", "def"],
  2: ["cba", "fed"],
  3: ["fed", "cba"],
  4: ["def", "abc"],
  5: ["ad", "be", "cf"],
  6: ["da", "eb", "fc"],
  7: ["fc", "eb", "da"],
  8: ["cf", "be", "ad"],
};

const orientations = [1, 2, 3, 4, 5, 6, 7, 8] as const;

describe("orientation", () => {
  it.each(orientations)("%i: every upright pixel comes from the stored place that its region names", (orientation) => {
    const picture = upright[orientation];
    const size = { width: picture[0]?.length ?? 0, height: picture.length };
    picture.forEach((row, top) => {
      [...row].forEach((pixel, left) => {
        const region = storedRegion({ left, top, width: 1, height: 1 }, size, turns[orientation]);
        expect(stored[region.top]?.[region.left]).toBe(pixel);
        expect([region.width, region.height]).toEqual([1, 1]);
      });
    });
  });

  it("swaps the sides of a region exactly where the axes are swapped", () => {
    for (const orientation of orientations) {
      const { width } = storedRegion(
        { left: 0, top: 0, width: 7, height: 5 },
        { width: 7, height: 5 },
        turns[orientation],
      );
      expect(width).toBe(orientation >= 5 ? 5 : 7);
    }
  });
});
