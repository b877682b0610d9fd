/** Scorers judge a candidate from one side each, in 0..1; the pipeline adds them up by their weights. */
import type { FeedReason } from "@vitrine/contracts";
import { dot } from "@vitrine/vectors";
import { weighsLikeness } from "./blend.ts";
import { blendOf, blendStrength } from "./blending.ts";
import type { Candidate, ScoredCandidate } from "./candidate.ts";
import type { FeedContext } from "./context.ts";
import { likenessOf, sightOf } from "./sight.ts";

export interface Scorer {
  /** Negative for what speaks against a candidate. */
  weight: number;
  /** Works out what all candidates of a page have in common, and answers how one is judged. */
  judge(context: FeedContext): (scored: ScoredCandidate) => number;
}

/** A thousand saves count as popular as it gets; the logarithm keeps the head of the catalogue from winning everywhere. */
const popularSaves = 1_000;
const freshHalfLifeMillis = 7 * 24 * 3_600_000;
/** Below this cosine a pin has nothing to do with the hidden one. */
const aversionFrom = 0.5;
const viewsUntilTired = 3;

const nothing = () => 0;

/** Whether the learned blend judges the candidate: it has the pin's popularity in it, so other scorers leave that alone. */
const isBlended = ({ taste }: Candidate, { blending }: FeedContext) => taste !== null && blending !== null;

/** The learned blend where the model knows pin and user; else the likeness to the taste by sight. */
export const relevance: Scorer = {
  weight: 1,
  judge: ({ blending, taste: { attractions } }) => {
    const bySight = sightOf(attractions);
    return ({ candidate }) =>
      blending && candidate.taste ? blendStrength(blendOf(candidate, blending)) : bySight(candidate.embedding);
  },
};

/** What looks add to the learned blend, in which they have a weight of their own: 0 where saves do not go by them. */
export const likeness: Scorer = {
  weight: 1,
  judge: ({ blending, taste: { attractions } }) => {
    if (!blending || !weighsLikeness(blending.weights) || attractions.length === 0) return nothing;
    const bySight = sightOf(attractions);
    return ({ candidate }) => {
      const alike = candidate.taste ? likenessOf(bySight(candidate.embedding)) : 0;
      if (alike === 0) return 0;
      return blendStrength(blendOf(candidate, blending, alike)) - blendStrength(blendOf(candidate, blending));
    };
  },
};

/**
 * Like what the user turned to last: one save must show on the very next page, whatever twenty saves say before it. At 0.4
 * a dress after twenty shoes brings three to six of its twenty nearest onto the first twenty places, and the shoes stay.
 */
export const momentum: Scorer = {
  weight: 0.4,
  judge: ({ taste: { latest } }) =>
    latest ? ({ candidate: { embedding } }) => latest.weight * Math.max(0, dot(embedding, latest.embedding)) : nothing,
};

export const popularity: Scorer = {
  weight: 0.06,
  judge:
    (context) =>
    ({ candidate }) =>
      isBlended(candidate, context) ? 0 : Math.min(Math.log1p(candidate.saves) / Math.log1p(popularSaves), 1),
};

export const freshness: Scorer = {
  weight: 0.04,
  judge:
    ({ now }) =>
    ({ candidate: { createdAt } }) =>
      0.5 ** (Math.max(0, now - createdAt) / freshHalfLifeMillis),
};

/** What a source is worth besides likeness: whom one follows most, then what trends here. */
export const sourceWorth = {
  taste: 0,
  neighbours: 0,
  interest: 0,
  trending: 0.6,
  fresh: 0.5,
  followed: 1,
  explore: 0,
} as const satisfies Record<FeedReason, number>;

/** Whom the user follows counts always; what trends or is fresh only where nothing is known that judges the pin better. */
export const sourcePrior: Scorer = {
  weight: 0.2,
  judge: (context) => (scored) =>
    isBlended(scored.candidate, context) && scored.reason !== "followed" ? 0 : scored.worth,
};

/** Like what the user hid. */
export const aversion: Scorer = {
  weight: -0.5,
  judge: ({ taste: { aversions } }) => {
    if (aversions.length === 0) return nothing;
    return ({ candidate: { embedding } }) => {
      const nearest = aversions.reduce((most, hidden) => Math.max(most, dot(embedding, hidden)), 0);
      return nearest <= aversionFrom ? 0 : (nearest - aversionFrom) / (1 - aversionFrom);
    };
  },
};

/** Seen lately and passed by: goes down, but comes back when there is nothing else (small catalogues). */
export const repetition: Scorer = {
  weight: -0.25,
  judge: ({ views }) =>
    views.size === 0 ? nothing : ({ candidate: { pin } }) => Math.min((views.get(pin.id) ?? 0) / viewsUntilTired, 1),
};

/** Has had its share of the region's pages: behind all others, but not gone when there is nothing else. */
export const overexposure: Scorer = {
  weight: -2,
  judge: ({ overexposed }) =>
    overexposed.size === 0 ? nothing : ({ candidate: { pin } }) => (overexposed.has(pin.id) ? 1 : 0),
};
