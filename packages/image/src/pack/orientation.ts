/** The eight EXIF orientations as what is done to the stored picture: mirrored, then its axes swapped. */
import type { Region, Size } from "../geometry.ts";
import type { Orientation } from "../probe/picture.ts";

export interface Turn {
  swapsAxes: boolean;
  flipsX: boolean;
  flipsY: boolean;
}

const turn = (swapsAxes: boolean, flipsX: boolean, flipsY: boolean): Turn => ({ swapsAxes, flipsX, flipsY });

/** EXIF 2.3, tag 0x0112. */
export const turns = {
  1: turn(false, false, false),
  2: turn(false, true, false),
  3: turn(false, true, true),
  4: turn(false, false, true),
  5: turn(true, false, false),
  6: turn(true, false, true),
  7: turn(true, true, true),
  8: turn(true, true, false),
} as const satisfies Record<Orientation, Turn>;

export function swapIf<S extends Size>(swaps: boolean, size: S): Size {
  return swaps ? { width: size.height, height: size.width } : { width: size.width, height: size.height };
}

/** A part of the upright picture as a part of the stored one; `upright` is the upright size. */
export function storedRegion(region: Region, upright: Size, { swapsAxes, flipsX, flipsY }: Turn): Region {
  const stored = swapIf(swapsAxes, upright);
  const { width, height } = swapIf(swapsAxes, region);
  const left = swapsAxes ? region.top : region.left;
  const top = swapsAxes ? region.left : region.top;
  return {
    left: flipsX ? stored.width - left - width : left,
    top: flipsY ? stored.height - top - height : top,
    width,
    height,
  };
}
