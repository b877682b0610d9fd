/** Interests of the taste: centres of user vectors, made as the feed makes those of its callers. */
import { maxFoldInActions, tasteInterestCountFor, userVectorOf, type VectorAction } from "@vitrine/ranking";
import { itemsOf, type LearnedModel, type Saves, usersSpread } from "@vitrine/training";
import { kMeans, seededSequence } from "@vitrine/vectors";

/**
 * Clustering is one piece of work that nothing interrupts. With 40 users an interest and ten iterations a local stack on a
 * busy machine was silent for more than 15 s; this is a quarter of that work.
 */
const usersPerInterest = 20;
const maxIterations = 5;
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
  const { centroids } = kMeans(placed, { k: count, random: seededSequence(seed), isSpherical: true, maxIterations });
  return centroids;
}
