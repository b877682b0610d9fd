/** The blend's weights by pattern search (Hooke & Jeeves 1961): ranks have no gradient, and four weights need none. */
import type { Example } from "./examples.ts";
import { objective } from "./objective.ts";

/** Vectors alone set the scale; the rest begins where it helped on Pinterest's saves. */
const start: readonly number[] = [1, -0.8, 1.2, -0.1];
const firstSteps: readonly number[] = [0, 0.3, 0.3, 0.1];
const rounds = 8;
/** Of 3,000 users, less is chance: without it weights wander to where they are worse for everyone else. */
const leastGain = 3e-4;

export function fitBlend(examples: readonly Example[]): number[] {
  let weights = [...start];
  let best = objective(examples, weights);
  const steps = [...firstSteps];
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
  return weights.map((weight) => Math.round(weight * 1e4) / 1e4);
}
