/** Where the lifts of an experiment stand on one line that all variants share. */
import type { VariantResult } from "@vitrine/contracts";

export interface IntervalScale {
  /** Lifts at the two ends of the line. */
  low: number;
  high: number;
  /** Lifts that are written below it: multiples of 1, 2 or 5 times a power of ten. */
  ticks: number[];
  /** Percent of the line's width, 0 to 100; what lies beyond an end stands at the end. */
  at(lift: number): number;
}

/** An early interval may reach beyond any use: what lies further than a loss of all or three times as much is cut off. */
const lowest = -1;
const highest = 2;
/** Room beyond what is shown, as a share of it. */
const margin = 0.08;
/** The line reaches this far to both sides of nought at least, so that next to nothing does not look like much. */
const leastReach = 0.02;
/** More would run into each other on a telephone. */
const maxTicks = 5;

/** Null while no variant has an interval. `wanted` is the smallest effect looked for, which belongs onto the line. */
export function intervalScale(variants: readonly VariantResult[], wanted: number | null): IntervalScale | null {
  const known = variants.flatMap(({ interval, alwaysValidInterval }) =>
    [interval ?? [], alwaysValidInterval ?? []].flat(),
  );
  if (known.length === 0) return null;
  const lows = known.map(({ low }) => low);
  const highs = known.map(({ high }) => high);
  const least = Math.max(lowest, Math.min(-leastReach, ...lows));
  const most = Math.min(highest, Math.max(leastReach, wanted ?? 0, ...highs));
  const room = (most - least) * margin;
  const [low, high] = [least - room, most + room];
  const at = (lift: number) => ((Math.min(Math.max(lift, low), high) - low) / (high - low)) * 100;
  return { low, high, ticks: ticksBetween(low, high), at };
}

function ticksBetween(low: number, high: number): number[] {
  const coarse = (high - low) / maxTicks;
  const power = 10 ** Math.floor(Math.log10(coarse));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= coarse) ?? coarse;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}
