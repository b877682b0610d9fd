/**
 * Gaussian blur as three running means, whose result is within 3 % of a gaussian (W3C, Filter Effects 1,
 * feGaussianBlur), in time that does not depend on the radius. Colours are weighted with their alpha, so that
 * transparent pixels lend none; beyond the edges the last pixel goes on.
 */
import type { Raster } from "@vitrine/contracts";

/** In place; `radius` is the deviation of the gaussian in pixels. O(pixels). */
export function blur(raster: Raster, radius: number): Raster {
  if (radius <= 0) return raster;
  const { width, height, data } = raster;
  const boxes = boxSizes(radius);
  const line = new Float32Array(Math.max(width, height) * 4);
  const sums = new Float32Array(line.length);
  for (let y = 0; y < height; y++)
    blurLine(data, { start: y * width * 4, step: 4, count: width }, { boxes, line, sums });
  for (let x = 0; x < width; x++)
    blurLine(data, { start: x * 4, step: width * 4, count: height }, { boxes, line, sums });
  return raster;
}

/** Three odd widths whose variances add up to that of the gaussian: sum of (w² − 1) / 12. */
function boxSizes(radius: number): number[] {
  const ideal = Math.sqrt((12 * radius * radius) / 3 + 1);
  const low = Math.max(1, 2 * Math.floor((ideal - 1) / 2) + 1);
  // How many of the three have the lower width, by the same sum.
  const lows = Math.round((12 * radius * radius - 3 * low * low - 12 * low - 9) / (-4 * low - 4));
  return [0, 1, 2].map((i) => (i < lows ? low : low + 2));
}

interface Line {
  start: number;
  step: number;
  count: number;
}

function blurLine(
  data: Uint8Array,
  { start, step, count }: Line,
  work: { boxes: number[]; line: Float32Array; sums: Float32Array },
): void {
  let { line: from, sums: to } = work;
  for (let i = 0, at = start; i < count; i++, at += step) {
    const alpha = data[at + 3] ?? 0;
    const weight = alpha / 255;
    from[i * 4] = (data[at] ?? 0) * weight;
    from[i * 4 + 1] = (data[at + 1] ?? 0) * weight;
    from[i * 4 + 2] = (data[at + 2] ?? 0) * weight;
    from[i * 4 + 3] = alpha;
  }
  for (const box of work.boxes) {
    if (box === 1) continue;
    for (let channel = 0; channel < 4; channel++) runningMean(from, to, { channel, count, box });
    [from, to] = [to, from];
  }
  for (let i = 0, at = start; i < count; i++, at += step) {
    const alpha = from[i * 4 + 3] ?? 0;
    const weight = alpha > 0 ? 255 / alpha : 0;
    data[at] = Math.min(255, Math.round((from[i * 4] ?? 0) * weight));
    data[at + 1] = Math.min(255, Math.round((from[i * 4 + 1] ?? 0) * weight));
    data[at + 2] = Math.min(255, Math.round((from[i * 4 + 2] ?? 0) * weight));
    data[at + 3] = Math.min(255, Math.round(alpha));
  }
}

function runningMean(from: Float32Array, to: Float32Array, of: { channel: number; count: number; box: number }): void {
  const { channel, count, box } = of;
  const half = (box - 1) / 2;
  const last = count - 1;
  const at = (i: number) => from[Math.max(0, Math.min(last, i)) * 4 + channel] ?? 0;
  let sum = 0;
  for (let i = -half; i <= half; i++) sum += at(i);
  for (let i = 0; i < count; i++) {
    to[i * 4 + channel] = sum / box;
    sum += at(i + half + 1) - at(i - half);
  }
}
