/** Which buckets of a layer an experiment has: taken when it starts, kept until it stops, only ever added to. */
import { bucketCount } from "./bucket.ts";

/** From the first bucket to before the last. */
export type BucketRange = readonly [from: number, to: number];

/**
 * The experiment's ranges with as many free buckets added as `traffic` (0..1) asks for; null when the layer has too few.
 * What it had before stays: no user is taken out of a running experiment.
 */
export function allocate(
  traffic: number,
  { own, taken }: { own: readonly BucketRange[]; taken: readonly BucketRange[] },
): BucketRange[] | null {
  let missing = Math.round(traffic * bucketCount) - sizeOf(own);
  const ranges = [...own];
  for (const [from, to] of freeOf([...own, ...taken])) {
    if (missing <= 0) break;
    const size = Math.min(to - from, missing);
    ranges.push([from, from + size]);
    missing -= size;
  }
  return missing > 0 ? null : joined(ranges);
}

export function sizeOf(ranges: readonly BucketRange[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from, 0);
}

function freeOf(taken: readonly BucketRange[]): BucketRange[] {
  const free: BucketRange[] = [];
  let next = 0;
  for (const [from, to] of sorted(taken)) {
    if (from > next) free.push([next, from]);
    next = Math.max(next, to);
  }
  if (next < bucketCount) free.push([next, bucketCount]);
  return free;
}

function joined(ranges: readonly BucketRange[]): BucketRange[] {
  const result: BucketRange[] = [];
  for (const [from, to] of sorted(ranges)) {
    const last = result.at(-1);
    if (last && last[1] === from) result[result.length - 1] = [last[0], to];
    else result.push([from, to]);
  }
  return result;
}

function sorted(ranges: readonly BucketRange[]): BucketRange[] {
  return ranges.toSorted(([a], [b]) => a - b);
}
