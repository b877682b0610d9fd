/** What an experiment shows: numbers by variant, and one sentence that says what may be concluded. */
import type { Experiment, ExperimentResults, VariantResult } from "@vitrine/contracts";
import { type Lift, liftOf, type Moments, momentsOf, type Outcomes, usersNeeded } from "./lift.ts";
import { sampleRatioPValue, sampleRatioThreshold } from "./sample-ratio.ts";

type Judged = Pick<ExperimentResults, "variants" | "sampleRatio" | "verdict" | "sentence" | "winner" | "usersNeeded">;

/** Outcomes are by name of variant; one that is absent had no user. With broken shares no lift is told at all. */
export function judge(
  { variants, status, minimumDetectableEffect }: Pick<Experiment, "variants" | "status" | "minimumDetectableEffect">,
  outcomes: ReadonlyMap<string, Outcomes>,
): Judged {
  const counted = variants.map(({ name, share }) => {
    const outcome = outcomes.get(name);
    return { name, share, users: outcome?.users ?? 0, moments: outcome ? momentsOf(outcome) : null };
  });
  const pValue = sampleRatioPValue(counted);
  const isMismatched = pValue !== null && pValue < sampleRatioThreshold;
  const control = counted[0]?.moments ?? null;
  const comparisons = variants.length - 1;
  const results = counted.map(({ name, users, moments }, i): VariantResult => {
    const lift = i > 0 && !isMismatched && moments && control ? liftOf(moments, control, { comparisons }) : null;
    return { variant: name, users, ...describe(moments), ...tell(lift) };
  });
  return {
    variants: results,
    sampleRatio: { pValue, isMismatched },
    ...(isMismatched ? broken : conclude(status, results)),
    usersNeeded: control && minimumDetectableEffect !== null ? usersNeeded(control, minimumDetectableEffect) : null,
  };
}

function describe(moments: Moments | null): Pick<VariantResult, "mean" | "variance"> {
  return { mean: moments?.mean ?? null, variance: moments?.variance ?? null };
}

function tell(lift: Lift | null): Omit<VariantResult, "variant" | "users" | "mean" | "variance"> {
  if (!lift) return { lift: null, interval: null, alwaysValidInterval: null, alwaysValidPValue: null };
  const { low, high, pValue } = lift.alwaysValid;
  return {
    lift: lift.lift,
    interval: lift.interval,
    alwaysValidInterval: { low, high },
    alwaysValidPValue: pValue,
  };
}

type Conclusion = Pick<ExperimentResults, "verdict" | "sentence" | "winner">;

const broken: Conclusion = {
  verdict: "broken",
  winner: null,
  sentence:
    "The variants do not have the users that their shares say, which chance does once in a thousand: find out who is lost before believing any of it.",
};

/** By the always valid intervals alone, so it may be asked at any time and as often as one likes. */
function conclude(status: Experiment["status"], [control, ...others]: readonly VariantResult[]): Conclusion {
  if (status === "draft") return { verdict: "not-started", winner: null, sentence: "Start it to see something." };
  const better = others
    .filter(({ alwaysValidInterval }) => alwaysValidInterval && alwaysValidInterval.low > 0)
    .toSorted((a, b) => (b.lift ?? 0) - (a.lift ?? 0));
  const best = better[0];
  if (best?.alwaysValidInterval) {
    const { low, high } = best.alwaysValidInterval;
    const sentence = `${best.variant} is better than ${control?.variant}, by ${percent(low)} to ${percent(high)}.`;
    return { verdict: "winner", winner: best.variant, sentence };
  }
  if (others.every(({ alwaysValidInterval }) => alwaysValidInterval && alwaysValidInterval.high < 0)) {
    const sentence = `Nothing is better than ${control?.variant}: every other variant does worse.`;
    return { verdict: "control-wins", winner: null, sentence };
  }
  const isOver = status === "stopped";
  const sentence = isOver
    ? "No variant was shown to be better than the control."
    : "Nothing is certain yet: let it run, and look as often as you like.";
  return { verdict: "undecided", winner: null, sentence };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
