import type { Raster } from "@vitrine/contracts";
import { hexOfOklab, toOklab } from "./oklab.ts";
import { resample } from "./resample.ts";

/** Colours need no detail: 64×64 pixels are enough for shares of half a percent, and make the time constant. */
const side = 64;
/** Bits a channel when pixels are first counted together; finer than the distance at which colours merge. */
const binBits = 4;
const iterations = 8;
/** Squared distance in OKLab below which two colours are told as one; about three just noticeable differences. */
const mergeDistance = 0.06 ** 2;
/** Share of the pixels below which a cluster is left out: the mixed pixels along an edge make up about that. */
const leastShare = 0.01;

interface Cluster {
  lightness: number;
  a: number;
  b: number;
  /** Pixels. */
  weight: number;
}

/**
 * At most `count` dominant colours as `#rrggbb`, the one with most pixels first: weighted k-means in OKLab over the
 * raster's colours, begun at those which are frequent and far apart, so the same raster gives the same answer.
 * Fewer where the picture has fewer. Transparent pixels count as white. Constant time.
 */
export function dominantColors(raster: Raster, count: number): string[] {
  const bins = binned(resample(raster, side, side));
  let clusters = beginnings(bins, count);
  for (let i = 0; i < iterations; i++) clusters = moved(bins, clusters);
  const leastWeight = leastShare * side * side;
  const visible = merged(clusters).filter(({ weight }, i) => i === 0 || weight >= leastWeight);
  return visible.map(({ lightness, a, b }) => hexOfOklab([lightness, a, b]));
}

/** Pixels of nearly the same sRGB colour, together. */
function binned({ data }: Raster): Cluster[] {
  const bins = new Map<number, Cluster>();
  for (let i = 0; i < data.length; i += 4) {
    const [red = 0, green = 0, blue = 0] = [data[i], data[i + 1], data[i + 2]];
    const drop = 8 - binBits;
    const key = ((red >> drop) << (2 * binBits)) | ((green >> drop) << binBits) | (blue >> drop);
    const bin = bins.get(key) ?? { lightness: 0, a: 0, b: 0, weight: 0 };
    add(bin, toOklab(red, green, blue), 1);
    bins.set(key, bin);
  }
  return [...bins.values()].map(mean);
}

/** Farthest-point beginnings: each next one has the most pixels times squared distance from those before. */
function beginnings(bins: readonly Cluster[], count: number): Cluster[] {
  const chosen: Cluster[] = [];
  const distances = bins.map(() => 1);
  while (chosen.length < count) {
    let best = -1;
    let bestScore = 0;
    for (const [i, bin] of bins.entries()) {
      const score = bin.weight * (distances[i] ?? 0);
      if (score > bestScore) [best, bestScore] = [i, score];
    }
    const next = bins[best];
    if (!next) break; // every colour is a beginning already
    chosen.push(next);
    for (const [i, bin] of bins.entries()) distances[i] = Math.min(distances[i] ?? 0, squaredDistance(bin, next));
  }
  return chosen;
}

function moved(bins: readonly Cluster[], clusters: readonly Cluster[]): Cluster[] {
  const sums = clusters.map(() => ({ lightness: 0, a: 0, b: 0, weight: 0 }));
  for (const bin of bins) {
    let nearest = sums[0];
    let nearestDistance = Number.POSITIVE_INFINITY;
    for (const [i, cluster] of clusters.entries()) {
      const distance = squaredDistance(bin, cluster);
      if (distance < nearestDistance) [nearest, nearestDistance] = [sums[i], distance];
    }
    if (nearest) add(nearest, [bin.lightness, bin.a, bin.b], bin.weight);
  }
  return sums.filter(({ weight }) => weight > 0).map(mean);
}

/** Most pixels first; what looks the same as a heavier one is added to it. */
function merged(clusters: readonly Cluster[]): Cluster[] {
  const kept: Cluster[] = [];
  for (const cluster of clusters.toSorted((one, other) => other.weight - one.weight)) {
    const same = kept.find((one) => squaredDistance(one, cluster) < mergeDistance);
    if (same) same.weight += cluster.weight;
    else kept.push({ ...cluster });
  }
  return kept.toSorted((one, other) => other.weight - one.weight);
}

function add(sum: Cluster, [lightness, a, b]: readonly [number, number, number], weight: number): void {
  sum.lightness += lightness * weight;
  sum.a += a * weight;
  sum.b += b * weight;
  sum.weight += weight;
}

function mean({ lightness, a, b, weight }: Cluster): Cluster {
  return { lightness: lightness / weight, a: a / weight, b: b / weight, weight };
}

function squaredDistance(one: Cluster, other: Cluster): number {
  return (one.lightness - other.lightness) ** 2 + (one.a - other.a) ** 2 + (one.b - other.b) ** 2;
}
