/** Users with tastes, drawn: clusters of pins, and users who save from a few of them. The same for the same numbers. */
import { type Saves, savesOf } from "@vitrine/training";
import { seededSequence } from "@vitrine/vectors";

export interface DrawnUsersOptions {
  pins: number;
  users: number;
}

/** Pins that go together; 100 of them at 10,000 pins. */
const pinsPerCluster = 100;
const clustersPerUser = 3;
const savesPerUser = 25;
/** Of what a user saves, this share has nothing to do with the user's clusters. */
const strayShare = 0.1;
const seed = 11;

export function drawUsers({ pins, users }: DrawnUsersOptions): Saves {
  const next = seededSequence(seed);
  const clusters = Math.max(1, Math.round(pins / pinsPerCluster));
  const upTo = (count: number) => Math.min(count - 1, Math.floor(next() * count));
  const lists = Array.from({ length: users }, () => {
    const own = Array.from({ length: clustersPerUser }, () => upTo(clusters));
    return Array.from({ length: savesPerUser }, () => {
      if (next() < strayShare) return upTo(pins);
      // The square favours the first pins of a cluster, as some pins of every taste are known to all.
      const place = Math.floor(next() ** 2 * pinsPerCluster);
      return Math.min(pins - 1, (own[upTo(own.length)] ?? 0) * pinsPerCluster + place);
    });
  });
  return savesOf(lists, pins);
}

/** Numbers 0 … count − 1 by Zipf's law: the nth most frequent comes with weight 1 / n. */
export function zipfSequence(count: number, next: () => number): () => number {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let n = 0; n < count; n++) sums[n] = sum += 1 / (n + 1);
  return () => {
    const wanted = next() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
