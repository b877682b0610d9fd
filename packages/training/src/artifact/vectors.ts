/** Item vectors as int8 with a scale an item: the dot product and the norms stay, an eighth of a percent of error comes. */

export interface QuantisedVectors {
  readonly dimensions: number;
  readonly values: Int8Array;
  /** A vector is its int8 values times this. */
  readonly scales: Float32Array;
}

export function quantiseVectors(vectors: Float32Array, dimensions: number): QuantisedVectors {
  const rows = vectors.length / dimensions;
  const values = new Int8Array(vectors.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    const from = row * dimensions;
    for (let k = from; k < from + dimensions; k++) largest = Math.max(largest, Math.abs(vectors[k] ?? 0));
    if (largest === 0) continue;
    scales[row] = largest / 127;
    for (let k = from; k < from + dimensions; k++) values[k] = Math.round(((vectors[k] ?? 0) / largest) * 127);
  }
  return { dimensions, values, scales };
}

/** One row as floats. */
export function vectorOf({ dimensions, values, scales }: QuantisedVectors, row: number): Float32Array {
  const scale = scales[row] ?? 0;
  return Float32Array.from(values.subarray(row * dimensions, (row + 1) * dimensions), (value) => value * scale);
}
