/** How good weights are: what the two protocols would say, as expectations, so that small steps of a weight show. */
import { blendScore } from "@vitrine/ranking";
import { type Example, numbersPerCandidate } from "./examples.ts";

const sampledNegatives = 99;
/** A rank of 9.5 counts half as a full hit, and a place more or less changes it by a sixth. */
const softness = 1.5;
/** Full HR@10 is an eighth of the sampled one: twice its weight keeps it from being noise beside it. */
const fullHitWeight = 2;
const gridSteps = 10_000;
const sampledWorth = sampledGrid();

/** Sampled HR@10 + NDCG@10 + 2 · full HR@10 + NDCG@100, means over the examples. */
export function objective(examples: readonly Example[], weights: readonly number[]): number {
  let sum = 0;
  for (const example of examples) sum += worthOf(example, weights);
  return examples.length === 0 ? 0 : sum / examples.length;
}

/** What one example adds to the sum. */
export function worthOf(example: Example, weights: readonly number[]): number {
  return worthOfRank(rankOf(example, weights), example.items);
}

/** Estimated 0-based rank of the held-out item in the catalogue; ties count against it. */
export function rankOf({ rows, high, each }: Example, weights: readonly number[]): number {
  const own = scoreAt(rows, 0, weights);
  const candidates = rows.length / numbersPerCandidate;
  let rank = 0;
  for (let row = 1; row < candidates; row++) {
    if (scoreAt(rows, row, weights) >= own) rank += row <= high ? 1 : each;
  }
  return rank;
}

function worthOfRank(rank: number, items: number): number {
  const sampled = sampledWorth[Math.min(gridSteps, Math.round((rank / items) * gridSteps))] ?? 0;
  const hit = 1 / (1 + Math.exp((rank - 9.5) / softness));
  return sampled + fullHitWeight * hit + (rank < 100 ? 1 / Math.log2(rank + 2) : 0);
}

function scoreAt(rows: Float32Array, row: number, weights: readonly number[]): number {
  const at = row * numbersPerCandidate;
  const vector = rows[at] ?? 0;
  return blendScore(
    { vector, walk: rows[at + 1] ?? 0, saves: rows[at + 2] ?? 0, likeness: rows[at + 3] ?? 0 },
    weights,
  );
}

/** By the share of the catalogue that stands higher: expected sampled HR@10 + NDCG@10 over draws of 99 negatives. */
function sampledGrid(): Float64Array {
  return Float64Array.from({ length: gridSteps + 1 }, (_, step) => {
    const share = Math.min(step / gridSteps, 1 - 1e-9);
    // Probability that exactly `above` of the 99 stand higher, by the binomial recurrence.
    let probability = (1 - share) ** sampledNegatives;
    let worth = 0;
    for (let above = 0; above < 10; above++) {
      worth += probability * (1 + 1 / Math.log2(above + 2));
      probability *= ((sampledNegatives - above) / (above + 1)) * (share / (1 - share));
    }
    return worth;
  });
}
