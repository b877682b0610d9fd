/** The learned blend made ready for one user and one page: all that does not depend on the pin is worked out once. */
import { blendScore, productScale, weightsFor } from "./blend.ts";
import type { Candidate } from "./candidate.ts";
import type { CollaborativeTaste } from "./collaborative-taste.ts";
import { dotPinVector } from "./pin-vector.ts";
import type { ServingModel } from "./serving-model.ts";

export interface Blending {
  vector: Float32Array;
  /** One for each of `blendFeatures`. */
  weights: readonly number[];
  /** Of the dot product over the catalogue. */
  mean: number;
  deviation: number;
  /** Shares of the walk by item. */
  shares: ReadonlyMap<number, number>;
}

export function blendingOf(
  { vector, actionCount, neighbourScores }: CollaborativeTaste,
  { basis, itemMean, blend }: Pick<ServingModel, "basis" | "itemMean" | "blend">,
): Blending {
  const { gramian, items } = basis;
  const scale = productScale(vector, { gramian, itemMean, items });
  return { vector, weights: weightsFor(blend, actionCount), ...scale, shares: neighbourScores };
}

/**
 * The blend's score of a pin that the model knows: about 0 for one that means nothing to the user, 3 to 10 for the best.
 * `likeness` as in sight.ts.
 */
export function blendOf(
  { taste, item, saves }: Candidate,
  { vector, weights, mean, deviation, shares }: Blending,
  likeness = 0,
): number {
  if (!taste) return 0;
  const product = (dotPinVector(vector, taste) - mean) / deviation;
  return blendScore({ vector: product, walk: shares.get(item) ?? 0, saves, likeness }, weights);
}

/** Where the strength is one half. */
const halfStrength = 3;

/**
 * The blend's score on the scale of the other scorers, where 1 is as good as it gets, and in the same order: 3 is 0.5, 9
 * is 0.75. What speaks against a pin is not bent.
 */
export function blendStrength(score: number): number {
  return score > 0 ? score / (score + halfStrength) : score / halfStrength;
}
