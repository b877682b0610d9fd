/**
 * The blend's weights by pattern search (Hooke & Jeeves 1961): ranks have no gradient, and five weights need none.
 *
 * Likeness has no weight to begin with and none below 0. It gets one only where that places the saves that were kept out
 * better, by more than chance: without pictures, or where saves do not go by looks, the other four are what they were.
 */
import { blendFeatures, blendScore, weighsLikeness } from "@vitrine/ranking";
import { type Example, numbersPerCandidate } from "./examples.ts";
import { objective, worthOf } from "./objective.ts";

/** Vectors alone set the scale; the rest begins where it helped on Pinterest's saves, which have no pictures. */
const start: readonly number[] = [1, -0.8, 1.2, -0.1, 0];
const firstSteps: readonly number[] = [0, 0.3, 0.3, 0.1, 0];
/** In eight rounds likeness comes to 3.2 at most, where a twin outweighs whatever else is known of two pins. */
const stepsWithLikeness: readonly number[] = [0, 0.3, 0.3, 0.1, 0.4];
const likenessAt = blendFeatures.indexOf("likeness");
/** Of an example's row. */
const likenessPlace = 3;
const rounds = 8;
/** Of 3,000 users, less is chance: without it weights wander to where they are worse for everyone else. */
const leastGain = 3e-4;
/**
 * What likeness gains must be so many standard errors of it. Drawn users, 100 to 1,000 at a time: one of 180 weights was
 * found for pictures exchanged at random, and 161 of 180 for those that saves went by.
 */
const certainErrors = 2;
/** The popularity that adds nothing to a score: it is known of new pins as of others. */
const averageSaves = Math.expm1(4);

export function fitBlend(examples: readonly Example[]): number[] {
  const unseeing = searched(examples, start, firstSteps);
  if (!examples.some(showsLikeness)) return unseeing;
  const seeing = searched(examples, unseeing, stepsWithLikeness);
  // What looks unlike is not better for it: a weight below 0 is chance, or popular pictures that are all alike.
  return weighsLikeness(seeing) && isBetter(examples, seeing, unseeing) ? seeing : unseeing;
}

/**
 * What vectors and walk add to a score for one of likeness, for pins that have only that: least squares over all pins, each
 * drawn one for all that it stands for. Undefined where nothing is alike.
 */
export function scoreOfLikeness(examples: readonly Example[], weights: readonly number[]): number | undefined {
  const withoutLikeness = weights.with(likenessAt, 0);
  const sums = { pins: 0, likeness: 0, score: 0, square: 0, product: 0 };
  for (const { rows, high, each } of examples) {
    for (let row = 0; row * numbersPerCandidate < rows.length; row++) {
      const at = row * numbersPerCandidate;
      const likeness = rows[at + likenessPlace] ?? 0;
      const evidence = { vector: rows[at] ?? 0, walk: rows[at + 1] ?? 0, saves: averageSaves, likeness };
      const score = blendScore(evidence, withoutLikeness);
      const share = row <= high ? 1 : each;
      sums.pins += share;
      sums.likeness += share * likeness;
      sums.score += share * score;
      sums.square += share * likeness * likeness;
      sums.product += share * likeness * score;
    }
  }
  const covariance = sums.product * sums.pins - sums.likeness * sums.score;
  const variance = sums.square * sums.pins - sums.likeness ** 2;
  return variance > 0 ? rounded(Math.max(0, covariance / variance)) : undefined;
}

function searched(examples: readonly Example[], from: readonly number[], firstly: readonly number[]): number[] {
  let weights = [...from];
  let best = objective(examples, weights);
  const steps = [...firstly];
  for (let round = 0; round < rounds; round++) {
    let hasMoved = false;
    for (const [feature, step] of steps.entries()) {
      for (const move of step > 0 ? [step, -step] : []) {
        const tried = weights.with(feature, (weights[feature] ?? 0) + move);
        const worth = objective(examples, tried);
        if (worth < best + leastGain) continue;
        best = worth;
        weights = tried;
        hasMoved = true;
        break;
      }
    }
    if (!hasMoved)
      steps.forEach((step, feature) => {
        steps[feature] = step / 2;
      });
  }
  return weights.map(rounded);
}

function rounded(weight: number): number {
  return Math.round(weight * 1e4) / 1e4;
}

function showsLikeness({ rows }: Example): boolean {
  for (let at = likenessPlace; at < rows.length; at += numbersPerCandidate) if ((rows[at] ?? 0) > 0) return true;
  return false;
}

/** The same examples are judged both ways, so what they differ in is all that varies. */
function isBetter(examples: readonly Example[], weights: readonly number[], others: readonly number[]): boolean {
  const gains = examples.map((example) => worthOf(example, weights) - worthOf(example, others));
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / Math.max(1, gains.length - 1);
  return mean > certainErrors * Math.sqrt(variance / gains.length);
}
