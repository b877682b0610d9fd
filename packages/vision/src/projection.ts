/** A linear map to few dimensions, small enough to be part of a Worker: int8 weights with a scale for each row. */
export interface Projection {
  /** Numbers in. */
  inputs: number;
  /** `outputs` rows of `inputs` weights. */
  weights: Int8Array;
  /** What a weight of 127 stands for, by row. */
  scales: Float32Array;
  /** Taken away from each output: the projected mean. */
  offsets: Float32Array;
}

/** The projected input, scaled to length 1. */
export function project(projection: Projection, input: Float32Array): Float32Array {
  const { inputs, weights, scales, offsets } = projection;
  const output = new Float32Array(scales.length);
  let squares = 0;
  for (let row = 0; row < output.length; row++) {
    let sum = 0;
    for (let i = 0, w = row * inputs; i < inputs; i++, w++) sum += (weights[w] ?? 0) * (input[i] ?? 0);
    const value = (sum * (scales[row] ?? 0)) / 127 - (offsets[row] ?? 0);
    output[row] = value;
    squares += value * value;
  }
  // Only the mean itself has no direction; it gets the first axis, so that every vector has length 1.
  if (squares === 0) output[0] = 1;
  else for (let row = 0; row < output.length; row++) output[row] = (output[row] ?? 0) / Math.sqrt(squares);
  return output;
}

/** Little-endian: scales, offsets, weights. */
export function packProjection({ weights, scales, offsets }: Projection): Uint8Array {
  const bytes = new Uint8Array(scales.byteLength + offsets.byteLength + weights.byteLength);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of [...scales, ...offsets].entries()) view.setFloat32(i * 4, value, true);
  bytes.set(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength), scales.length * 8);
  return bytes;
}

/** The projection that was packed, of `outputs` rows. */
export function unpackProjection(bytes: Uint8Array, outputs: number): Projection {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const floats = (start: number) =>
    Float32Array.from({ length: outputs }, (_, i) => view.getFloat32((start + i) * 4, true));
  const weights = new Int8Array(bytes.slice(outputs * 8).buffer);
  return { inputs: weights.length / outputs, weights, scales: floats(0), offsets: floats(outputs) };
}
