/**
 * A 64-bit hash that survives scaling, recompression and small changes of light: the signs, against their median, of
 * the 64 lowest frequencies of a 32×32 grey picture (pHash, Zauner 2010, http://phash.org/docs/pubs/thesis_zauner.pdf).
 * The mean brightness is left out. Pictures with a distance of at most 10 of 64 bits are very probably the same.
 */
import type { Raster } from "@vitrine/contracts";
import { grayOf } from "./gray.ts";

const side = 32;
const bits = 64;
/** Coefficients of a flat picture are rounding noise far below this; pictures have hundreds. */
const noise = 0.5;

/** 16 lower-case hex digits; all zeros for a picture without any detail. */
export function perceptualHash(raster: Raster): string {
  const coefficients = lowFrequencies(grayOf(raster, side));
  const sorted = Float64Array.from(coefficients).sort();
  const median = ((sorted[bits / 2 - 1] ?? 0) + (sorted[bits / 2] ?? 0)) / 2;
  let hash = "";
  for (let i = 0; i < bits; i += 4) {
    let digit = 0;
    for (let j = 0; j < 4; j++) digit = digit * 2 + ((coefficients[i + j] ?? 0) > median + noise ? 1 : 0);
    hash += digit.toString(16);
  }
  return hash;
}

/** In how many of 64 bits two hashes differ. */
export function hammingDistance(one: string, other: string): number {
  let distance = 0;
  for (let i = 0; i < bits / 4; i++) {
    let difference = Number.parseInt(one.charAt(i), 16) ^ Number.parseInt(other.charAt(i), 16);
    for (; difference > 0; difference >>= 1) distance += difference & 1;
  }
  return distance;
}

/** Horizontal and vertical frequency of each bit: the lowest ones without (0, 0), in diagonal order. */
const frequencies = Array.from({ length: 16 * 16 }, (_, i) => ({ u: i % 16, v: Math.floor(i / 16) }))
  .toSorted((one, other) => one.u + one.v - other.u - other.v || one.u - other.u)
  .slice(1, bits + 1);

/** The cosine at sample `i` of frequency `k` of the DCT-II. */
const cosines = Float64Array.from({ length: side * side }, (_, index) => {
  return Math.cos((Math.PI / side) * ((index % side) + 0.5) * Math.floor(index / side));
});

function lowFrequencies(gray: Float32Array): Float64Array {
  const highest = Math.max(...frequencies.map(({ u }) => u)) + 1;
  const rows = new Float64Array(highest * side);
  for (let u = 0; u < highest; u++) {
    for (let y = 0; y < side; y++) {
      let sum = 0;
      for (let x = 0; x < side; x++) sum += (gray[y * side + x] ?? 0) * (cosines[u * side + x] ?? 0);
      rows[u * side + y] = sum;
    }
  }
  return Float64Array.from(frequencies, ({ u, v }) => {
    let sum = 0;
    for (let y = 0; y < side; y++) sum += (rows[u * side + y] ?? 0) * (cosines[v * side + y] ?? 0);
    return sum / side;
  });
}
