import { RankMeter } from "@vitrine/training";
import { expect, test } from "vitest";
import { Tally } from "./tally.ts";

test("means are those of the training, with the standard error of a share", () => {
  const ranks = Array.from({ length: 200 }, (_, n) => (n * 7) % 23);
  const tally = new Tally();
  const meter = new RankMeter();
  for (const rank of ranks) {
    tally.add(rank);
    meter.add(rank);
  }
  const { hitRateError, ndcgError, ...metrics } = tally.figures;
  expect(metrics).toEqual(meter.metrics);
  const share = metrics.hitRateAt10;
  expect(hitRateError).toBeCloseTo(Math.sqrt((share * (1 - share)) / 199), 12);
  const gains = ranks.map((rank) => (rank < 10 ? 1 / Math.log2(rank + 2) : 0));
  const variance = gains.reduce((sum, gain) => sum + (gain - metrics.ndcgAt10) ** 2, 0) / 199;
  expect(ndcgError).toBeCloseTo(Math.sqrt(variance / 200), 12);
});

test("what was not found is a miss, and nobody makes no error", () => {
  const tally = new Tally();
  expect(tally.figures).toEqual({ users: 0, hitRateAt10: 0, ndcgAt10: 0, hitRateError: 0, ndcgError: 0 });
  tally.add(Number.POSITIVE_INFINITY);
  expect(tally.figures).toMatchObject({ users: 1, hitRateAt10: 0, hitRateError: 0 });
});
