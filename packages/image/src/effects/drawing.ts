import type { Raster } from "@vitrine/contracts";

/** Drawings have large areas of one colour: photographs, with their noise, have next to none. */
const leastFlatShare = 0.5;
/** Of 32,768 colours (5 bits a channel), how many at most show nine tenths of a drawing. */
const mostColours = 64;

/**
 * Whether a scaled picture is a drawing (line art, a logo, a chart, a screenshot) rather than a photograph: half of
 * its pixels are exactly like their right neighbours, and few colours show nearly all of it. O(pixels).
 */
export function isDrawing({ width, height, data }: Raster): boolean {
  const counts = new Map<number, number>();
  let flat = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const colour = (((data[at] ?? 0) >> 3) << 10) | (((data[at + 1] ?? 0) >> 3) << 5) | ((data[at + 2] ?? 0) >> 3);
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
      if (x + 1 < width && isSame(data, at, at + 4)) flat += 1;
    }
  }
  const pairs = Math.max(1, (width - 1) * height);
  if (flat / pairs < leastFlatShare) return false;
  const common = [...counts.values()].sort((a, b) => b - a).slice(0, mostColours);
  return common.reduce((sum, count) => sum + count, 0) >= 0.9 * width * height;
}

function isSame(data: Uint8Array, a: number, b: number): boolean {
  return (
    data[a] === data[b] && data[a + 1] === data[b + 1] && data[a + 2] === data[b + 2] && data[a + 3] === data[b + 3]
  );
}
