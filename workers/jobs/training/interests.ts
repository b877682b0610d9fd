/** Interests of the taste: centres of user vectors, made as the feed makes those of its callers. */
import { maxFoldInActions, tasteInterestCountFor, userVectorOf, type VectorAction } from "@vitrine/ranking";
import { itemsOf, type LearnedModel, type Saves, usersSpread } from "@vitrine/training";
import { kMeansWithPauses, seededSequence } from "@vitrine/vectors";

/** Enough for k-means: Faiss warns below 39 points a centroid. */
const usersPerInterest = 40;
const maxIterations = 10;
/** A fold-in of the longest history takes a quarter of a millisecond. */
const usersPerSlice = 100;

/** Unit vectors. Lets the isolate answer others by `pause`. */
export async function interestsOfTaste({
  learned,
  saves,
  seed,
  pause,
}: {
  learned: Pick<LearnedModel, "vectors" | "basis">;
  saves: Saves;
  seed: number;
  pause: () => Promise<void>;
}): Promise<Float32Array[]> {
  const { vectors, basis } = learned;
  const dimensions = basis.gramian.length;
  const count = tasteInterestCountFor(saves.users);
  const sample = usersSpread(saves.users, count * usersPerInterest);
  const placed: Float32Array[] = [];
  for (const [at, user] of sample.entries()) {
    const items = itemsOf(saves, user).subarray(0, maxFoldInActions);
    const actions = Array.from(items, (item): VectorAction => {
      return { vector: vectors.subarray(item * dimensions, (item + 1) * dimensions), weight: 1 };
    });
    placed.push(userVectorOf(actions, basis));
    if (at % usersPerSlice === 0) await pause();
  }
  const random = seededSequence(seed);
  const { centroids } = await kMeansWithPauses(placed, { k: count, random, isSpherical: true, maxIterations, pause });
  return centroids;
}
