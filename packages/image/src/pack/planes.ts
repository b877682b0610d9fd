/**
 * Where the samples of one plane come from: the geometry of crop, scale, chroma siting and turning, in the plane's
 * own samples. Every plane is filtered straight from its stored resolution to the one that the encoder takes, so
 * chroma is never upsampled only to be thrown away again.
 */
import type { Region, Size } from "../geometry.ts";
import { filterLikeLibvips, isReducedByLibvips } from "./libvips-weights.ts";
import type { Turn } from "./orientation.ts";
import { type Axis, type Filter, filterFor } from "./weights.ts";

export interface PlaneSource {
  /** Samples of this plane for one pixel of the source, each way. */
  densityX: number;
  densityY: number;
  /** Samples of the plane as decoded. */
  size: Size;
  channels: 1 | 4;
  premultiply: boolean;
  /** Whether sharp filters the same samples: they come out equal to its own, where nothing else forbids it. */
  isLikeSharp: boolean;
  /** What the vertical filter multiplies and adds, to change the range of samples on the way. */
  range: { gain: number; offset: number };
}

export interface PlaneFilters {
  box: number;
  x: Filter;
  y: Filter;
  /** Of the vertical sums, in 14-bit fixed point. */
  bias: number;
  output: Size;
}

export interface PlaneTarget {
  /** Part of the stored picture, in source pixels. */
  crop: Region;
  /** Size of the result as stored, before it is turned. */
  output: Size;
  turn: Turn;
  /** Pixels of the result for one sample of this plane. */
  divisor: 1 | 2;
}

/**
 * From this many samples for one of the result on, whole boxes of them are averaged first: the filter's memory grows
 * with the scale, and what is left to it (6 and more) is still twice what Lanczos needs to look like itself.
 */
const boxFromStep = 12;
const stepBehindBox = 6;

export function planeFilters(source: PlaneSource, target: PlaneTarget): PlaneFilters {
  const { crop, output, turn, divisor } = target;
  const size = { width: Math.ceil(output.width / divisor), height: Math.ceil(output.height / divisor) };
  const x = axisOf({ from: crop.left, length: crop.width, output: output.width, density: source.densityX });
  const y = axisOf({ from: crop.top, length: crop.height, output: output.height, density: source.densityY });
  const sampled = {
    x: sample(x, { divisor, count: size.width, isFlipped: turn.flipsX, output: output.width, end: source.size.width }),
    y: sample(y, {
      divisor,
      count: size.height,
      isFlipped: turn.flipsY,
      output: output.height,
      end: source.size.height,
    }),
  };
  const least = Math.min(sampled.x.step, sampled.y.step);
  const box = least >= boxFromStep ? Math.floor(least / stepBehindBox) : 1;
  const filter = (axis: Axis, { multiple, gain }: { multiple: number; gain: number }) =>
    source.isLikeSharp && isReducedByLibvips(axis)
      ? filterLikeLibvips(axis, { multiple })
      : filterFor(axis, { multiple, gain });
  return {
    box,
    x: filter(boxed(sampled.x, box), { multiple: source.channels === 1 ? 8 : 4, gain: 1 }),
    y: filter(boxed(sampled.y, box), { multiple: 2, gain: source.range.gain }),
    bias: Math.round((source.range.offset + 0.5) * 16_384),
    output: size,
  };
}

interface Span {
  /** First sample of the crop, not rounded. */
  from: number;
  to: number;
  /** Samples for one pixel of the result. */
  step: number;
}

function axisOf(of: { from: number; length: number; output: number; density: number }): Span {
  const { from, length, output, density } = of;
  return { from: from * density, to: (from + length) * density, step: (length / output) * density };
}

function sample(
  span: Span,
  of: { divisor: 1 | 2; count: number; isFlipped: boolean; output: number; end: number },
): Axis {
  // A result of odd width has half a chroma sample over. It belongs at the right edge of the upright picture, so
  // where the plane is mirrored afterwards it has to be at the left one now.
  const overhang = of.isFlipped && of.divisor === 2 && of.output % 2 === 1 ? 1 : 0;
  // An edge that lies within a thousandth of a sample is on it: fractions of eighths and crops do not add up exactly.
  const low = Math.max(0, Math.min(of.end - 1, Math.floor(span.from + 1e-3)));
  const high = Math.min(of.end, Math.max(low + 1, Math.ceil(span.to - 1e-3)));
  return { origin: span.from - overhang * span.step, step: span.step * of.divisor, count: of.count, low, high };
}

function boxed(axis: Axis, box: number): Axis {
  if (box === 1) return axis;
  const low = Math.floor(axis.low / box);
  return {
    origin: axis.origin / box,
    step: axis.step / box,
    count: axis.count,
    low,
    high: Math.max(low + 1, Math.floor(axis.high / box)),
  };
}
