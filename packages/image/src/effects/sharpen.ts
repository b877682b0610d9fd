import type { Raster } from "@vitrine/contracts";
import { blur } from "./blur.ts";

/** Of the mask: what a resize softens lies within a pixel. */
const maskRadius = 1;
/** An amount of 1 adds half of what the mask took away: visible, without halos. */
const strength = 0.5;

/** Unsharp mask in place: adds the difference from a blurred copy. Alpha stays. O(pixels). */
export function sharpen(raster: Raster, amount: number): Raster {
  const { data } = raster;
  const soft = blur({ ...raster, data: data.slice() }, maskRadius).data;
  const weight = amount * strength;
  for (let at = 0; at < data.length; at++) {
    if (at % 4 === 3) continue;
    const value = data[at] ?? 0;
    data[at] = Math.max(0, Math.min(255, Math.round(value + (value - (soft[at] ?? 0)) * weight)));
  }
  return raster;
}
