import { RankMeter, type RankMetrics } from "@vitrine/training";

export interface RankFigures extends RankMetrics {
  /** Standard errors of the two means: what another draw of as many users would move them by. */
  hitRateError: number;
  ndcgError: number;
}

/** Hit rate and NDCG at ten, with how sure they are. */
export class Tally {
  readonly #meter = new RankMeter();
  #squares = 0;

  /** 0-based; infinite for what was not found. */
  add(rank: number): void {
    this.#meter.add(rank);
    if (rank < 10) this.#squares += 1 / Math.log2(rank + 2) ** 2;
  }

  get figures(): RankFigures {
    const metrics = this.#meter.metrics;
    const { users, hitRateAt10, ndcgAt10 } = metrics;
    return {
      ...metrics,
      hitRateError: errorOfMean(hitRateAt10, hitRateAt10, users),
      ndcgError: errorOfMean(ndcgAt10, users === 0 ? 0 : this.#squares / users, users),
    };
  }
}

/** Of a mean, given the mean of the squares; 0 of fewer than two. */
export function errorOfMean(mean: number, meanOfSquares: number, count: number): number {
  return count < 2 ? 0 : Math.sqrt(Math.max(0, meanOfSquares - mean ** 2) / (count - 1));
}
