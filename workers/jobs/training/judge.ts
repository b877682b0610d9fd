/** Whether a new model may serve. Both were measured on saves that they had not seen, one of each of some users. */
import type { ModelMetrics } from "@vitrine/contracts";
import type { ModelRow } from "@vitrine/store";
import type { Findings } from "@vitrine/training";

/** So many standard errors of the difference are chance: with 3,000 users ±.018 of a sampled HR@10 of .91. */
const tolerableErrors = 2.5;
/** At least this share of the serving model's figure. */
const minTolerance = 0.01;
/** With half or double the pins, finding one among them all is another task. */
const comparableGrowth = 2;

const figures = [
  { name: "sampled HR@10", key: "sampledHitRateAt10", needsLikeCatalogues: false },
  { name: "full HR@10", key: "fullHitRateAt10", needsLikeCatalogues: true },
] as const;

export function metricsOf(evaluation: NonNullable<Findings["evaluation"]>): ModelMetrics {
  const { sampled, full, coverageAt10 } = evaluation;
  return {
    sampledHitRateAt10: sampled.hitRateAt10,
    sampledNdcgAt10: sampled.ndcgAt10,
    fullHitRateAt10: full.hitRateAt10,
    fullNdcgAt10: full.ndcgAt10,
    coverageAt10,
    users: sampled.users,
  };
}

/** Why the model is not to serve in place of the other; null when it is. */
export function faultOf(
  model: Pick<ModelRow, "metrics" | "pins">,
  serving: Pick<ModelRow, "metrics" | "pins" | "version"> | undefined,
): string | null {
  if (!serving?.metrics) return null;
  if (!model.metrics) return `It could not be measured: too few users have five saves, and ${serving.version} serves.`;
  if (model.pins * comparableGrowth < serving.pins) {
    return `It knows ${model.pins} pins and ${serving.version} knows ${serving.pins}: serve it by hand if that is right.`;
  }
  for (const { name, key, needsLikeCatalogues } of figures) {
    if (needsLikeCatalogues && model.pins > serving.pins * comparableGrowth) continue;
    const [now, before] = [model.metrics[key], serving.metrics[key]];
    if (now < before - toleranceOf(before, model.metrics.users, serving.metrics.users)) {
      return `Its ${name} is ${now.toFixed(4)} and that of ${serving.version} is ${before.toFixed(4)}.`;
    }
  }
  return null;
}

function toleranceOf(rate: number, users: number, otherUsers: number): number {
  const error = Math.sqrt(rate * (1 - rate) * (1 / Math.max(1, users) + 1 / Math.max(1, otherUsers)));
  return Math.max(minTolerance * rate, tolerableErrors * error);
}
