/**
 * The resizer's filters, one axis at a time: which source samples make an output sample, with which weights.
 * Computed here, in fixed point, so that the module only multiplies and adds.
 */

/** One axis of one plane, in samples of that plane. */
export interface Axis {
  /** Where the first output sample begins; sample j covers j to j + 1. */
  origin: number;
  /** Source samples for one output sample. */
  step: number;
  /** Output samples. */
  count: number;
  /** The source samples that may be used; beyond them the outermost are repeated, as libvips does. */
  low: number;
  high: number;
}

export interface Filter {
  /** First source sample used on this axis, and how many from there on. */
  offset: number;
  length: number;
  taps: number;
  /** Relative to `offset`, one an output sample, and spare ones for vector code. */
  starts: Int32Array;
  /** `taps` an output sample, their sum `gain` times 16384. */
  weights: Int16Array;
}

/** 14 bits: an identity's only weight is 1.0 and has to fit into 16 bits with a sign. */
const unity = 16_384;
/** Lanczos with three lobes: what sharp uses, the sharpest that does not ring visibly on photographs. */
const lobes = 3;
/** Vector code makes four output samples at a time and reads the filters of all four. */
const spareSamples = 3;
/** Steps of the kernel's table for one lobe; linear between them it is exact to a tenth of a unit of 14 bits. */
const tableSteps = 512;

let table: Float64Array | undefined;

/** The right half of the kernel. Sines cost more than the whole filter otherwise, and tables are kept by the isolate. */
function kernelTable(): Float64Array {
  if (table) return table;
  table = new Float64Array(lobes * tableSteps + 2);
  for (let i = 0; i < lobes * tableSteps; i++) {
    const x = (Math.PI * i) / tableSteps;
    table[i] = i === 0 ? 1 : (lobes * Math.sin(x) * Math.sin(x / lobes)) / (x * x);
  }
  return table;
}

/** `multiple` is the group of taps that the vector code takes at once. */
export function filterFor(axis: Axis, { multiple, gain = 1 }: { multiple: number; gain?: number }): Filter {
  const { origin, step, count, low, high } = axis;
  const scale = Math.max(1, step);
  const radius = lobes * scale;
  const widest = Math.min(high - low, Math.ceil(2 * radius) + 1);
  const taps = Math.ceil(widest / multiple) * multiple;
  const starts = new Int32Array(count + spareSamples);
  const weights = new Int16Array((count + spareSamples) * taps);
  const exact = new Float64Array(widest + 1);
  let offset = high;
  let end = low;
  for (let i = 0; i < count; i++) {
    // In units where sample j stands at j.
    const centre = origin + (i + 0.5) * step - 0.5;
    const from = Math.ceil(centre - radius);
    const to = Math.floor(centre + radius);
    const first = Math.min(high - 1, Math.max(low, from));
    const last = Math.max(first, Math.min(high - 1, to));
    sampleKernel(exact, { from, to, first, last, centre, scale });
    quantise(exact, last - first + 1, weights.subarray(i * taps, (i + 1) * taps), gain);
    starts[i] = first;
    if (first < offset) offset = first;
    if (last >= end) end = last + 1;
  }
  for (let i = 0; i < count; i++) starts[i] = (starts[i] ?? 0) - offset;
  return { offset, length: end - offset, taps, starts, weights };
}

/** The kernel over the samples that exist; those beyond the edges give their weight to the outermost. */
function sampleKernel(
  out: Float64Array,
  at: { from: number; to: number; first: number; last: number; centre: number; scale: number },
): void {
  const { from, to, first, last, centre, scale } = at;
  const kernel = kernelTable();
  const density = tableSteps / scale;
  out.fill(0, 0, last - first + 1);
  for (let j = from; j <= to; j++) {
    const x = Math.abs(j - centre) * density;
    const whole = Math.min(Math.floor(x), kernel.length - 2);
    const here = kernel[whole] ?? 0;
    const weight = here + ((kernel[whole + 1] ?? 0) - here) * (x - whole);
    const k = j < first ? 0 : j > last ? last - first : j - first;
    out[k] = (out[k] ?? 0) + weight;
  }
}

/** Fixed point; what rounding loses goes to the largest weight, so that white stays white. */
function quantise(exact: Float64Array, length: number, weights: Int16Array, gain: number): void {
  const total = Math.round(unity * gain);
  let sum = 0;
  for (let k = 0; k < length; k++) sum += exact[k] ?? 0;
  const factor = total / sum;
  let left = total;
  let largest = 0;
  for (let k = 0; k < length; k++) {
    const weight = Math.round((exact[k] ?? 0) * factor);
    weights[k] = weight;
    left -= weight;
    if (weight > (weights[largest] ?? 0)) largest = k;
  }
  weights[largest] = (weights[largest] ?? 0) + left;
}
