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

/** `multiple` is the group of taps that the vector code takes at once. */
export function filterFor(axis: Axis, { multiple, gain = 1 }: { multiple: number; gain?: number }): Filter {
  const { origin, step, count, low, high } = axis;
  const scale = Math.max(1, step);
  const radius = lobes * scale;
  const width = Math.ceil(2 * radius) + 2;
  const kernel = new Float64Array(width);
  const firsts = new Int32Array(count);
  const rows: Int16Array[] = [];
  let longest = 1;
  for (let i = 0; i < count; i++) {
    // In units where sample j stands at j.
    const centre = origin + (i + 0.5) * step - 0.5;
    const from = Math.ceil(centre - radius);
    const to = Math.floor(centre + radius);
    lanczos(kernel, to - from + 1, (from - centre) / scale, 1 / scale);
    const first = Math.min(high - 1, Math.max(low, from));
    const last = Math.max(low, Math.min(high - 1, to));
    const folded = fold(kernel, { from, to, first, last });
    const { start, weights } = quantise(folded, gain);
    firsts[i] = first + start;
    rows.push(weights);
    longest = Math.max(longest, weights.length);
  }
  return lay({ firsts, rows, taps: Math.ceil(longest / multiple) * multiple });
}

/**
 * The kernel at x, x + delta, … The sines go round by one rotation a sample instead of being called: with 26 taps
 * and two axes the calls would cost as much as the filter itself.
 */
function lanczos(out: Float64Array, length: number, x: number, delta: number): void {
  let angle = { sin: Math.sin(Math.PI * x), cos: Math.cos(Math.PI * x) };
  let third = { sin: Math.sin((Math.PI * x) / lobes), cos: Math.cos((Math.PI * x) / lobes) };
  const turn = { sin: Math.sin(Math.PI * delta), cos: Math.cos(Math.PI * delta) };
  const turnThird = { sin: Math.sin((Math.PI * delta) / lobes), cos: Math.cos((Math.PI * delta) / lobes) };
  for (let k = 0; k < length; k++) {
    const at = x + k * delta;
    const isOutside = Math.abs(at) >= lobes;
    out[k] = isOutside ? 0 : Math.abs(at) < 1e-6 ? 1 : (lobes * angle.sin * third.sin) / (Math.PI * at) ** 2;
    angle = rotate(angle, turn);
    third = rotate(third, turnThird);
  }
}

const rotate = (a: { sin: number; cos: number }, b: { sin: number; cos: number }) => ({
  sin: a.sin * b.cos + a.cos * b.sin,
  cos: a.cos * b.cos - a.sin * b.sin,
});

/** Gives the weights of samples that do not exist to the outermost that do, and makes the sum 1. */
function fold(kernel: Float64Array, range: { from: number; to: number; first: number; last: number }): Float64Array {
  const { from, to, first, last } = range;
  const folded = new Float64Array(last - first + 1);
  let sum = 0;
  for (let j = from; j <= to; j++) {
    const weight = kernel[j - from] ?? 0;
    const at = Math.min(last, Math.max(first, j)) - first;
    folded[at] = (folded[at] ?? 0) + weight;
    sum += weight;
  }
  for (let k = 0; k < folded.length; k++) folded[k] = (folded[k] ?? 0) / sum;
  return folded;
}

/** Fixed point without zeros at either end; what rounding loses goes to the largest weight, so that white stays white. */
function quantise(exact: Float64Array, gain: number): { start: number; weights: Int16Array } {
  const total = Math.round(unity * gain);
  const weights = new Int16Array(exact.length);
  let sum = 0;
  let largest = 0;
  for (let k = 0; k < exact.length; k++) {
    const weight = Math.round((exact[k] ?? 0) * total);
    weights[k] = weight;
    sum += weight;
    if (weight > (weights[largest] ?? 0)) largest = k;
  }
  weights[largest] = (weights[largest] ?? 0) + total - sum;
  let start = 0;
  let end = weights.length;
  while (start < largest && weights[start] === 0) start++;
  while (end - 1 > largest && weights[end - 1] === 0) end--;
  return { start, weights: weights.subarray(start, end) };
}

function lay({ firsts, rows, taps }: { firsts: Int32Array; rows: Int16Array[]; taps: number }): Filter {
  const count = firsts.length;
  const offset = firsts.reduce((least, first) => Math.min(least, first), Number.MAX_SAFE_INTEGER);
  const end = firsts.reduce((most, first, i) => Math.max(most, first + (rows[i]?.length ?? 0)), 0);
  const starts = new Int32Array(count + spareSamples);
  const weights = new Int16Array((count + spareSamples) * taps);
  rows.forEach((row, i) => {
    starts[i] = (firsts[i] ?? 0) - offset;
    weights.set(row, i * taps);
  });
  return { offset, length: end - offset, taps, starts, weights };
}
