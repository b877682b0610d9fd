/**
 * The weights of libvips' reducing filter, bit by bit, so that pixels equal those of sharp. WebP's encoder answers to
 * pixels chaotically: one in ten thousand that differs by one already costs 0.008 of SSIM, all of them 0.03.
 *
 * What libvips does: Lanczos 3 over 2 × round(3 × step) + 1 samples, at 64 positions between two samples, in 12 bits
 * cut towards zero. Sums stay some thousandths below one, which darkens by a tenth of a level; so does sharp.
 */
import type { Axis, Filter } from "./weights.ts";

const positions = 64;
const unity = 4096;
/** From libvips' 12 bits to the 14 of the module: a shift, so that both round alike. */
const toModule = 4;
const lobes = 3;
/** Vector code makes four output samples at a time and reads the filters of all four. */
const spareSamples = 3;

/** Below, libvips takes another filter; above, it averages boxes first, and cutting would darken white by a level. */
export const isReducedByLibvips = ({ step }: Axis) => step >= 1 && step < 4;

/** `multiple` is as for `filterFor`. */
export function filterLikeLibvips(
  { origin, step, count, low, high }: Axis,
  { multiple }: { multiple: number },
): Filter {
  const reach = roundHalfToEven(lobes * step);
  const points = 2 * reach + 1;
  const masks: (Int16Array | undefined)[] = Array.from({ length: positions + 1 });
  const taps = Math.ceil(Math.min(high - low, points) / multiple) * multiple;
  const starts = new Int32Array(count + spareSamples);
  const weights = new Int16Array((count + spareSamples) * taps);
  let offset = high;
  let end = low;
  for (let i = 0; i < count; i++) {
    const at = origin + (i + 0.5) * step;
    const nearest = Math.floor(at);
    const position = (Math.floor((at - nearest) * 2 * positions) + 1) >> 1;
    const mask = masks[position] ?? maskAt(position / positions, step, reach);
    masks[position] = mask;
    const first = Math.min(high - 1, Math.max(low, nearest - reach));
    const last = Math.max(first, Math.min(high - 1, nearest + reach));
    for (let k = 0; k < points; k++) {
      // Samples beyond the edges repeat the outermost.
      const tap = i * taps + Math.min(last, Math.max(first, nearest - reach + k)) - first;
      weights[tap] = (weights[tap] ?? 0) + toModule * (mask[k] ?? 0);
    }
    starts[i] = first;
    offset = Math.min(offset, first);
    end = Math.max(end, last + 1);
  }
  for (let i = 0; i < count; i++) starts[i] = (starts[i] ?? 0) - offset;
  return { offset, length: end - offset, taps, starts, weights };
}

function maskAt(position: number, step: number, reach: number): Int16Array {
  const exact = Float64Array.from({ length: 2 * reach + 1 }, (_, k) => lanczos((k - reach + 0.5 - position) / step));
  const sum = exact.reduce((total, weight) => total + weight, 0);
  return Int16Array.from(exact, (weight) => Math.trunc((weight / sum) * unity));
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) > lobes) return 0;
  return (lobes * Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / lobes)) / (Math.PI * Math.PI * x * x);
}

/** C's rint(). */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return value % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
