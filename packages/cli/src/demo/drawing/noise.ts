import type { Random } from "./random.ts";

export type Noise = (x: number, y: number) => number;

/** Smooth value noise in -1..1, one bump a unit; `octaves` add finer and weaker ones. */
export function noiseOf(random: Random, octaves = 1): Noise {
  const size = 256;
  const lattice = Float32Array.from({ length: size * size }, () => random.between(-1, 1));
  const at = (x: number, y: number) => lattice[((y & 255) << 8) | (x & 255)] ?? 0;
  const single: Noise = (x, y) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const u = ease(x - left);
    const v = ease(y - top);
    const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * u;
    const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * u;
    return upper + (lower - upper) * v;
  };
  return (x, y) => {
    let sum = 0;
    let reach = 0;
    for (let octave = 0, scale = 1, weight = 1; octave < octaves; octave++, scale *= 2, weight /= 2) {
      sum += single(x * scale + octave * 37, y * scale + octave * 91) * weight;
      reach += weight;
    }
    return sum / reach;
  };
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}
