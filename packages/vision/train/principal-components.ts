/** The largest eigenvectors of a covariance, by subspace iteration: deterministic, without a library. */

export interface Components {
  mean: Float64Array;
  /** Of length 1, by falling variance. */
  vectors: Float64Array[];
  variances: number[];
}

/** Directions beyond those asked for: convergence is by the ratio of the last wanted and the first unwanted one. */
const spareDirections = 64;
const iterations = 30;
const jacobiSweeps = 12;

/** The first `count` principal components of equally long samples. */
export function principalComponents(samples: readonly Float32Array[], count: number): Components {
  const mean = meanOf(samples);
  const covariance = covarianceOf(samples, mean);
  let basis = orthonormal(firstGuess(Math.min(mean.length, count + spareDirections), mean.length));
  for (let i = 0; i < iterations; i++) basis = orthonormal(basis.map((vector) => times(covariance, vector)));
  const images = basis.map((vector) => times(covariance, vector));
  const { values, vectors } = symmetricEigen(basis.map((vector) => images.map((image) => dot(vector, image))));
  const order = values.map((_, i) => i).toSorted((one, other) => (values[other] ?? 0) - (values[one] ?? 0));
  const kept = order.slice(0, count);
  return {
    mean,
    vectors: kept.map((k) =>
      combine(
        basis,
        vectors.map((row) => row[k] ?? 0),
      ),
    ),
    variances: kept.map((k) => values[k] ?? 0),
  };
}

function meanOf(samples: readonly Float32Array[]): Float64Array {
  const mean = new Float64Array(samples[0]?.length ?? 0);
  for (const sample of samples) for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) + (sample[i] ?? 0);
  return mean.map((sum) => sum / samples.length);
}

function covarianceOf(samples: readonly Float32Array[], mean: Float64Array): Float64Array[] {
  const covariance = Array.from(mean, () => new Float64Array(mean.length));
  const centred = new Float64Array(mean.length);
  for (const sample of samples) {
    for (let i = 0; i < mean.length; i++) centred[i] = (sample[i] ?? 0) - (mean[i] ?? 0);
    for (const [i, row] of covariance.entries()) addScaled(row, centred, (centred[i] ?? 0) / samples.length);
  }
  return covariance;
}

/** Numbers without a pattern from a fixed linear congruential generator (Numerical Recipes' constants). */
function firstGuess(count: number, length: number): Float64Array[] {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return Array.from({ length: count }, () => Float64Array.from({ length }, next));
}

/** Modified Gram-Schmidt. */
function orthonormal(vectors: Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    for (const other of basis) addScaled(vector, other, -dot(vector, other));
    const length = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((value) => value / length));
  }
  return basis;
}

/** Cyclic Jacobi rotations: all eigenvalues of a small symmetric matrix, and its eigenvectors as columns. */
function symmetricEigen(matrix: number[][]): { values: number[]; vectors: number[][] } {
  const size = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const vectors = matrix.map((_, i) => matrix.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < jacobiSweeps; sweep++) {
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, [p, q]);
  }
  return { values: a.map((row, i) => row[i] ?? 0), vectors };
}

function rotate(a: Float64Array[], vectors: number[][], [p, q]: readonly [number, number]): void {
  const off = a[p]?.[q] ?? 0;
  if (off === 0) return;
  const theta = ((a[q]?.[q] ?? 0) - (a[p]?.[p] ?? 0)) / (2 * off);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  const turn = (row: Float64Array | number[]) => {
    const [one, other] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = cosine * one - sine * other;
    row[q] = sine * one + cosine * other;
  };
  for (const row of a) turn(row);
  const [rowP, rowQ] = [a[p], a[q]];
  for (let k = 0; rowP && rowQ && k < rowP.length; k++) {
    const [one, other] = [rowP[k] ?? 0, rowQ[k] ?? 0];
    rowP[k] = cosine * one - sine * other;
    rowQ[k] = sine * one + cosine * other;
  }
  for (const row of vectors) turn(row);
}

function times(matrix: readonly Float64Array[], vector: Float64Array): Float64Array {
  return Float64Array.from(matrix, (row) => dot(row, vector));
}

function combine(basis: readonly Float64Array[], factors: readonly number[]): Float64Array {
  const sum = new Float64Array(basis[0]?.length ?? 0);
  for (const [i, vector] of basis.entries()) addScaled(sum, vector, factors[i] ?? 0);
  return sum;
}

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + factor * (vector[i] ?? 0);
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] ?? 0) * (other[i] ?? 0);
  return sum;
}
