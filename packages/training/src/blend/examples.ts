/**
 * What the blend is fitted on: for a user the features of the held-out item, of the items that stand highest, and of a
 * draw from all others. The drawn ones stand for all they were drawn from, so a rank in the catalogue can be estimated.
 * The held-out item is not what decides who stands highest: choosing by it would teach the opposite of what helps.
 */
import type { CatalogueEvidence } from "../catalogue.ts";
import { bestOf } from "../evaluate/metrics.ts";
import { drawNegatives } from "../validation-items.ts";

/** vector, walk, saves, likeness: what `blendScore` takes. */
export const numbersPerCandidate = 4;
const highest = 100;
const drawn = 100;

export interface Example {
  /** Row 0 is the held-out item, then `high` rows of the highest, then the drawn ones. */
  rows: Float32Array;
  high: number;
  /** How many items each drawn one stands for. */
  each: number;
  items: number;
}

export interface ExampleSource {
  owned: Uint32Array;
  target: number;
  popularity: Uint32Array;
  next: () => number;
  /** Room for a number an item: thousands of examples would leave hundreds of megabytes to collect. */
  rough: Float32Array;
}

export function exampleOf(evidence: CatalogueEvidence, source: ExampleSource): Example {
  const { vector, walk, likeness } = evidence;
  const { owned, target, popularity, next, rough } = source;
  const items = popularity.length;
  for (let item = 0; item < items; item++) {
    rough[item] = (vector[item] ?? 0) + 30 * Math.sqrt(walk[item] ?? 0) + (likeness[item] ?? 0);
  }
  for (const item of owned) rough[item] = Number.NEGATIVE_INFINITY;
  const top = bestOf(rough, highest).filter((item) => item !== target);
  const taken = new Set([...owned, target, ...top]);
  const rest = drawNegatives(taken, items, { count: drawn, next });
  const chosen = [target, ...top, ...rest];
  const rows = new Float32Array(chosen.length * numbersPerCandidate);
  chosen.forEach((item, row) => {
    const numbers = [vector[item] ?? 0, walk[item] ?? 0, popularity[item] ?? 0, likeness[item] ?? 0];
    rows.set(numbers, row * numbersPerCandidate);
  });
  return { rows, high: top.length, each: (items - taken.size) / Math.max(1, rest.length), items };
}
