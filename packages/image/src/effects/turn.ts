import type { Raster } from "@vitrine/contracts";
import type { Orientation } from "../probe/picture.ts";

/** How upright coordinates are read from the stored picture: from the far end of an axis, and with axes swapped. */
const readings: Record<Orientation, { isMirroredX: boolean; isMirroredY: boolean; isSwapped: boolean }> = {
  1: { isMirroredX: false, isMirroredY: false, isSwapped: false },
  2: { isMirroredX: true, isMirroredY: false, isSwapped: false },
  3: { isMirroredX: true, isMirroredY: true, isSwapped: false },
  4: { isMirroredX: false, isMirroredY: true, isSwapped: false },
  5: { isMirroredX: false, isMirroredY: false, isSwapped: true },
  6: { isMirroredX: false, isMirroredY: true, isSwapped: true },
  7: { isMirroredX: true, isMirroredY: true, isSwapped: true },
  8: { isMirroredX: true, isMirroredY: false, isSwapped: true },
};

/** Turns and mirrors as an EXIF orientation says (EXIF 2.32, tag Orientation); the same raster for 1. */
export function turn(raster: Raster, orientation: Orientation): Raster {
  if (orientation === 1) return raster;
  const { isMirroredX, isMirroredY, isSwapped } = readings[orientation];
  const { width: storedWidth, height: storedHeight } = raster;
  const width = isSwapped ? storedHeight : storedWidth;
  const height = isSwapped ? storedWidth : storedHeight;
  const source = new Uint32Array(raster.data.buffer, raster.data.byteOffset, storedWidth * storedHeight);
  const data = new Uint8Array(width * height * 4);
  const target = new Uint32Array(data.buffer);
  // Steps in the stored picture for one step right and one step down in the upright one.
  const stepX = isMirroredX ? -1 : 1;
  const stepY = isMirroredY ? -storedWidth : storedWidth;
  const first = (isMirroredX ? storedWidth - 1 : 0) + (isMirroredY ? (storedHeight - 1) * storedWidth : 0);
  const right = isSwapped ? stepY : stepX;
  const down = isSwapped ? stepX : stepY;
  for (let y = 0; y < height; y++) {
    let from = first + y * down;
    for (let at = y * width; at < (y + 1) * width; at++) {
      target[at] = source[from] ?? 0;
      from += right;
    }
  }
  return { width, height, data };
}
