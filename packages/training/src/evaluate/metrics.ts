/**
 * Ranking metrics for one held-out item a user. Ties are counted against us: an item with the same score as the held-out
 * one stands before it, so a constant score finds nothing.
 */

export interface RankMetrics {
  users: number;
  /** Share of users whose held-out item is among the first ten. */
  hitRateAt10: number;
  /** 1 / log₂(rank + 2) where it is among the first ten, else 0. */
  ndcgAt10: number;
}

/** 0-based rank of a score among others, pessimistic; a held-out score that is no number is last. */
export function rankAmong(score: number, others: Iterable<number>): number {
  let rank = 0;
  for (const other of others) if (!(other < score)) rank++;
  return rank;
}

export class RankMeter {
  #users = 0;
  #hits = 0;
  #gain = 0;

  /** `rank` from 0. */
  add(rank: number): void {
    this.#users++;
    if (rank >= 10) return;
    this.#hits++;
    this.#gain += 1 / Math.log2(rank + 2);
  }

  get metrics(): RankMetrics {
    const users = this.#users;
    const share = (sum: number) => (users === 0 ? 0 : sum / users);
    return { users, hitRateAt10: share(this.#hits), ndcgAt10: share(this.#gain) };
  }
}

/** The indices of the `count` best scores, best first; ties go to the smaller index, −∞ is never among them. */
export function bestOf(scores: ArrayLike<number>, count: number): number[] {
  const found: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? Number.NEGATIVE_INFINITY;
    if (!(score > least)) continue;
    let at = Math.min(found.length, count - 1);
    for (; at > 0 && (scores[found[at - 1] ?? 0] ?? 0) < score; at--) found[at] = found[at - 1] ?? 0;
    found[at] = i;
    if (found.length === count) least = scores[found[count - 1] ?? 0] ?? 0;
  }
  return found;
}
