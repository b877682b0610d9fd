/** Regions of a picture before and after it is turned by one of the eight EXIF orientations. */
import type { Region, Size } from "./geometry.ts";
import type { Orientation } from "./probe/picture.ts";

export type { Orientation };

/** A part of the turned picture as a part of the one before it; `before` is its size. */
export function uprightRegion(region: Region, before: Size, turn: Orientation): Region {
  const swaps = turn >= 5;
  const width = swaps ? region.height : region.width;
  const height = swaps ? region.width : region.height;
  const left = swaps ? region.top : region.left;
  const top = swaps ? region.left : region.top;
  return {
    left: readsFromRight.has(turn) ? before.width - left - width : left,
    top: readsFromBelow.has(turn) ? before.height - top - height : top,
    width,
    height,
  };
}

/** EXIF 2.32, tag Orientation: which end of the columns and rows the turned picture begins with. */
const readsFromRight = new Set<Orientation>([2, 3, 7, 8]);
const readsFromBelow = new Set<Orientation>([3, 4, 6, 7]);
