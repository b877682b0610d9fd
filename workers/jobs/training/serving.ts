import { tasteDimensions } from "@vitrine/contracts";
import { encodeServingModel, type ServingModel } from "@vitrine/ranking";
import type { LearnedModel } from "@vitrine/training";

/** The value of the KV key, filled up to the dimensions of the taste index: zeros change no product and no norm. */
export function servingModelOf(
  { basis, itemMean, findings }: LearnedModel,
  told: { version: string; trainedAt: number; users: number; saves: number; interests: Float32Array[] },
): Uint8Array {
  const model: ServingModel = {
    version: told.version,
    trainedAt: told.trainedAt,
    dimensions: tasteDimensions,
    userCount: told.users,
    saveCount: told.saves,
    basis: { ...basis, gramian: filledUp(basis.gramian) },
    itemMean: filledUp(itemMean),
    blend: findings.blend.map((each) => ({ ...each, weights: [...each.weights] })),
    interests: told.interests.map(filledUp),
  };
  return encodeServingModel(model);
}

export function filledUp(vector: Float32Array): Float32Array {
  if (vector.length === tasteDimensions) return vector;
  const filled = new Float32Array(tasteDimensions);
  filled.set(vector);
  return filled;
}
