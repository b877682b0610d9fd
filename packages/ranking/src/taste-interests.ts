/** Interests of the taste: centres of user vectors, whose fragments are shared by all users near them. */
import { dot } from "@vitrine/vectors";

/**
 * How many interests a model of so many users has: 258 for 37,501.
 *
 * Measured on Pinterest's saves by packages/training/bench/interests.ts: full HR@10 for 4,000 users of candidates out of
 * their four nearest interests' top 100, alone and with 50 neighbours of each of the last two saves, against exact ranking
 * of all 9,836 pins (.1170); and pages of a minute's 6,000 from cold, few users coming often, that find all interests made:
 *
 *    64 interests  −3.4 %  −0.9 %  99.5 % warm        256 interests  −0.4 %  +1.1 %  97.9 % warm
 *   128 interests  −1.1 %  +0.2 %  98.9 % warm        512 interests  −0.2 %  +0.2 %  95.5 % warm
 *
 * Of 256, one interest a page costs 2.8 %, two 1.1 %, and eight 1.1 %: more candidates find nothing more.
 */
export function tasteInterestCountFor(users: number): number {
  return Math.min(Math.max(Math.round((4 / 3) * Math.sqrt(users)), 16), 512);
}

/** The positions of the `count` centres (unit vectors) nearest to the user by direction, nearest first. */
export function nearestTasteInterests(vector: Float32Array, centres: readonly Float32Array[], count: number): number[] {
  const nearest: number[] = [];
  const likeness: number[] = [];
  for (let i = 0; i < centres.length; i++) {
    const value = dot(vector, centres[i] ?? []);
    if (nearest.length === count && value <= (likeness[count - 1] ?? 0)) continue;
    let at = Math.min(nearest.length, count - 1);
    for (; at > 0 && (likeness[at - 1] ?? 0) < value; at--) {
      nearest[at] = nearest[at - 1] ?? 0;
      likeness[at] = likeness[at - 1] ?? 0;
    }
    nearest[at] = i;
    likeness[at] = value;
  }
  return nearest;
}
