import type { Raster } from "@vitrine/contracts";
import { resample } from "./resample.ts";

/** The raster as `side`×`side` luma (Rec. 601), 0..255, row after row; shape is not kept. */
export function grayOf(raster: Raster, side: number): Float32Array {
  const { data } = resample(raster, side, side);
  return Float32Array.from({ length: side * side }, (_, i) => {
    return 0.299 * (data[i * 4] ?? 0) + 0.587 * (data[i * 4 + 1] ?? 0) + 0.114 * (data[i * 4 + 2] ?? 0);
  });
}
