import { expect, test } from "vitest";
import { presetSizes, srcsetPresets } from "./srcset.ts";

const named = (size: { width: number; height: number }) =>
  srcsetPresets(size).map(({ preset, width, height }) => `${preset} ${width}x${height}`);

test("every preset has the size of its rendition", () => {
  const sizes = Object.fromEntries(
    presetSizes({ width: 3000, height: 2000 }).map(({ preset, ...size }) => [preset, size]),
  );
  expect(sizes).toEqual({
    thumbnail: { width: 236, height: 236 },
    feed: { width: 474, height: 316 },
    detail: { width: 736, height: 491 },
    zoom: { width: 1200, height: 800 },
    grid: { width: 150, height: 150 },
    medium: { width: 236, height: 157 },
    large: { width: 736, height: 491 },
  });
});

test("what a browser picks from shows the whole picture, each width once, the narrowest first", () => {
  expect(named({ width: 3000, height: 2000 })).toEqual([
    "medium 236x157",
    "feed 474x316",
    "detail 736x491",
    "zoom 1200x800",
  ]);
  // A tall picture is bounded by its height, so that detail and large differ.
  expect(named({ width: 1000, height: 4000 })).toEqual([
    "feed 158x632",
    "medium 236x944",
    "detail 245x980",
    "zoom 400x1600",
    "large 680x2720",
  ]);
});

test("a small picture is never enlarged: one width, by the first preset", () => {
  expect(named({ width: 100, height: 80 })).toEqual(["feed 100x80"]);
});
