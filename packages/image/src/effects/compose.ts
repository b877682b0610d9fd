/** Laying pictures on each other: Porter and Duff's "over" with colours that are not premultiplied. */
import type { Border, Colour, Overlay, Raster } from "@vitrine/contracts";
import type { Size } from "../geometry.ts";

/** A picture of one colour. */
export function canvasOf({ width, height }: Size, colour: Colour): Raster {
  const data = new Uint8Array(width * height * 4);
  const [red, green, blue, alpha] = channels(colour);
  for (let at = 0; at < data.length; at += 4) {
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
    data[at + 3] = alpha;
  }
  return { width, height, data };
}

/** Lays the colour under the picture, in place. */
export function underlay(raster: Raster, colour: Colour): Raster {
  const under = channels(colour);
  const { data } = raster;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] !== 255) over(data, at, { under, above: data.subarray(at, at + 4), opacity: 1 });
  }
  return raster;
}

/** A larger picture of the colour with this one in it. */
export function padTo(raster: Raster, of: { canvas: Size; left: number; top: number; colour: Colour }): Raster {
  const canvas = canvasOf(of.canvas, of.colour);
  drawAt(canvas, raster, { left: of.left, top: of.top, opacity: 1 });
  return canvas;
}

/** A frame around the picture. Its colour lies beside the picture, not under it. */
export function frame(raster: Raster, { top, right, bottom, left, colour }: Border): Raster {
  const width = raster.width + left + right;
  const framed = canvasOf({ width, height: raster.height + top + bottom }, colour);
  for (let y = 0; y < raster.height; y++) {
    const row = raster.data.subarray(y * raster.width * 4, (y + 1) * raster.width * 4);
    framed.data.set(row, ((top + y) * width + left) * 4);
  }
  return framed;
}

export type Placement = Pick<Overlay, "opacity" | "repeat" | "top" | "right" | "bottom" | "left">;

/** Draws the second picture on the first, in place: where it is put, or in the middle, once or as tiles. */
export function draw(raster: Raster, picture: Raster, { opacity, repeat, ...sides }: Placement): Raster {
  const left = place(sides.left, sides.right, raster.width - picture.width);
  const top = place(sides.top, sides.bottom, raster.height - picture.height);
  const columns = repeat === "x" || repeat === "both" ? tiles(left, picture.width, raster.width) : [left];
  const rows = repeat === "y" || repeat === "both" ? tiles(top, picture.height, raster.height) : [top];
  for (const y of rows) for (const x of columns) drawAt(raster, picture, { left: x, top: y, opacity });
  return raster;
}

/** The near side counts where both are given. */
function place(near: number | null, far: number | null, spare: number): number {
  if (near !== null) return near;
  return far !== null ? spare - far : Math.floor(spare / 2);
}

/** Where tiles begin so that one begins at `start` and all of the length is covered. */
function tiles(start: number, size: number, length: number): number[] {
  const first = (((start % size) + size) % size) - size;
  return Array.from({ length: Math.ceil((length - first) / size) }, (_, i) => first + i * size);
}

function drawAt(raster: Raster, picture: Raster, of: { left: number; top: number; opacity: number }): void {
  const { left, top, opacity } = of;
  const firstX = Math.max(0, left);
  const endX = Math.min(raster.width, left + picture.width);
  const endY = Math.min(raster.height, top + picture.height);
  for (let y = Math.max(0, top); y < endY; y++) {
    for (let x = firstX; x < endX; x++) {
      const at = (y * raster.width + x) * 4;
      const from = ((y - top) * picture.width + x - left) * 4;
      const alpha = picture.data[from + 3] ?? 0;
      if (alpha === 0) continue;
      const above = picture.data.subarray(from, from + 4);
      // Nearly every pixel is one of the two: mixing is for edges and shadows.
      if (alpha === 255 && opacity === 1) raster.data.set(above, at);
      else over(raster.data, at, { under: raster.data.subarray(at, at + 4), above, opacity });
    }
  }
}

type Channels = ArrayLike<number>;

/** Writes `above` over `under` to the pixel at `at`; either may be that very pixel. */
function over(data: Uint8Array, at: number, of: { under: Channels; above: Channels; opacity: number }): void {
  const { under, above } = of;
  const aboveAlpha = ((above[3] ?? 0) / 255) * of.opacity;
  const underAlpha = ((under[3] ?? 0) / 255) * (1 - aboveAlpha);
  const alpha = aboveAlpha + underAlpha;
  for (let channel = 0; channel < 3; channel++) {
    const sum = (above[channel] ?? 0) * aboveAlpha + (under[channel] ?? 0) * underAlpha;
    data[at + channel] = alpha === 0 ? 0 : Math.round(sum / alpha);
  }
  data[at + 3] = Math.round(alpha * 255);
}

function channels(colour: Colour): [red: number, green: number, blue: number, alpha: number] {
  return [colour >>> 24, (colour >>> 16) & 255, (colour >>> 8) & 255, colour & 255];
}
