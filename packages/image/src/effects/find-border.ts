import type { Raster, TrimBorder } from "@vitrine/contracts";
import type { Region } from "../geometry.ts";

/**
 * What lies inside the border of one colour; all of the picture when nothing but border is in it. A row or column
 * belongs to the border when every pixel of it does. O(pixels) at most.
 */
export function insideBorder({ width, height, data }: Raster, { colour, tolerance }: TrimBorder): Region {
  const reference =
    colour === null
      ? data.slice(0, 4)
      : Uint8Array.of(colour >>> 24, (colour >>> 16) & 255, (colour >>> 8) & 255, colour & 255);
  const isBorder = (x: number, y: number) => {
    const at = (y * width + x) * 4;
    // Of what is transparent the colour is not seen.
    if (data[at + 3] === 0 && reference[3] === 0) return true;
    return [0, 1, 2, 3].every((i) => Math.abs((data[at + i] ?? 0) - (reference[i] ?? 0)) <= tolerance);
  };
  const isRow = (y: number, from = 0, to = width) => {
    for (let x = from; x < to; x++) if (!isBorder(x, y)) return false;
    return true;
  };
  let top = 0;
  while (top < height && isRow(top)) top++;
  if (top === height) return { left: 0, top: 0, width, height };
  let bottom = height;
  while (isRow(bottom - 1)) bottom--;
  const isColumn = (x: number) => {
    for (let y = top; y < bottom; y++) if (!isBorder(x, y)) return false;
    return true;
  };
  let left = 0;
  while (isColumn(left)) left++;
  let right = width;
  while (isColumn(right - 1)) right--;
  return { left, top, width: right - left, height: bottom - top };
}
