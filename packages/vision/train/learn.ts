import type { Projection } from "../src/projection.ts";
import { principalComponents } from "./principal-components.ts";

/**
 * Each component is divided by its variance to this power. 0.5 is full whitening, which lifts noise as well (P@10 0.49
 * on photos of clothes); 0 is plain PCA, where a few strong directions decide (0.54); everything between 0.15 and 0.3
 * is within half a point of the best (0.58).
 */
const whiteningExponent = 0.25;

/** PCA with softened whitening, learnt from descriptors alone: no labels. */
export function learnProjection(descriptors: readonly Float32Array[], outputs: number): Projection {
  const { mean, vectors, variances } = principalComponents(descriptors, outputs);
  const inputs = mean.length;
  const projection: Projection = {
    inputs,
    weights: new Int8Array(outputs * inputs),
    scales: new Float32Array(outputs),
    offsets: new Float32Array(outputs),
  };
  for (const [row, vector] of vectors.entries()) {
    const weights = upright(vector).map((value) => value * (variances[row] ?? 1) ** -whiteningExponent);
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    projection.weights.set(
      Int8Array.from(weights, (weight) => Math.round((weight / largest) * 127)),
      row * inputs,
    );
    projection.scales[row] = largest;
    projection.offsets[row] = weights.reduce((sum, weight, i) => sum + weight * (mean[i] ?? 0), 0);
  }
  return projection;
}

/** Eigenvectors have no sign of their own: the largest number is made positive. */
function upright(vector: Float64Array): Float64Array {
  const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}
