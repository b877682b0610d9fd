import type { Raster } from "@vitrine/contracts";
import type { Region } from "../geometry.ts";

/** The part as a raster of its own; the same raster when it is the whole. */
export function crop(raster: Raster, { left, top, width, height }: Region): Raster {
  if (width === raster.width && height === raster.height) return raster;
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * raster.width + left) * 4;
    data.set(raster.data.subarray(start, start + width * 4), y * width * 4);
  }
  return { width, height, data };
}
