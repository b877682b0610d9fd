import type { Raster } from "@vitrine/contracts";
import type { Reduction } from "../geometry.ts";

/** RGBA pixels that may be a view of a decoder's memory. */
interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

/**
 * Shrinks both sides by an exact box filter into a raster of its own (a copy for a reduction of 1). Sides round
 * up: the last block of a row or column averages what is there. Transparent pixels lend no colour.
 *
 * Two channels are summed at once in the halves of a 32-bit integer: at most 64 values of 255 make 16,320.
 */
export function reduce(pixels: Pixels, reduction: Reduction): Raster {
  if (reduction === 1) return { width: pixels.width, height: pixels.height, data: pixels.data.slice() };
  const { width, height } = pixels;
  const source = wordsOf(pixels.data);
  const target = { width: Math.ceil(width / reduction), height: Math.ceil(height / reduction) };
  const data = new Uint8Array(target.width * target.height * 4);
  const words = new Uint32Array(data.buffer);
  const wholeColumns = Math.floor(width / reduction);
  for (let y = 0; y < target.height; y++) {
    const top = y * reduction;
    const rows = Math.min(reduction, height - top);
    for (let x = 0; x < target.width; x++) {
      const columns = x < wholeColumns ? reduction : width - x * reduction;
      const block = { start: top * width + x * reduction, columns, rows, stride: width };
      words[y * target.width + x] = average(source, block);
    }
  }
  return { ...target, data };
}

interface Block {
  start: number;
  columns: number;
  rows: number;
  stride: number;
}

function average(source: Uint32Array, block: Block): number {
  const { start, columns, rows, stride } = block;
  let redBlue = 0;
  let greenAlpha = 0;
  for (let row = 0; row < rows; row++) {
    const first = start + row * stride;
    for (let at = first; at < first + columns; at++) {
      const word = source[at] ?? 0;
      redBlue += word & 0xff00ff;
      greenAlpha += (word >>> 8) & 0xff00ff;
    }
  }
  const count = columns * rows;
  if (greenAlpha >>> 16 !== 255 * count) return averageWithAlpha(source, block);
  const half = count >> 1;
  const red = (((redBlue & 0xffff) + half) / count) | 0;
  const blue = (((redBlue >>> 16) + half) / count) | 0;
  const green = (((greenAlpha & 0xffff) + half) / count) | 0;
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The colours weighted with their alpha. */
function averageWithAlpha(source: Uint32Array, { start, columns, rows, stride }: Block): number {
  let red = 0;
  let green = 0;
  let blue = 0;
  let alpha = 0;
  for (let row = 0; row < rows; row++) {
    const first = start + row * stride;
    for (let at = first; at < first + columns; at++) {
      const word = source[at] ?? 0;
      const weight = word >>> 24;
      red += (word & 255) * weight;
      green += ((word >>> 8) & 255) * weight;
      blue += ((word >>> 16) & 255) * weight;
      alpha += weight;
    }
  }
  if (alpha === 0) return 0;
  const channel = (sum: number) => Math.round(sum / alpha);
  const opacity = Math.round(alpha / (columns * rows));
  return ((opacity << 24) | (channel(blue) << 16) | (channel(green) << 8) | channel(red)) >>> 0;
}

/** Pixels as little-endian words, which is what WASM and every Workers machine has; copied only if unaligned. */
function wordsOf(data: Uint8Array): Uint32Array {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
}
