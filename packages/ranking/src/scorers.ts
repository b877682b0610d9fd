/** Scorers judge a candidate from one side each, in 0..1; the pipeline adds them up by their weights. */
import type { FeedReason } from "@vitrine/contracts";
import { dot } from "@vitrine/vectors";
import { blendOf, blendStrength } from "./blending.ts";
import type { Candidate, ScoredCandidate } from "./candidate.ts";
import type { FeedContext } from "./context.ts";

export interface Scorer {
  /** Negative for what speaks against a candidate. */
  weight: number;
  /** Works out what all candidates of a page have in common, and answers how one is judged. */
  judge(context: FeedContext): (scored: ScoredCandidate) => number;
}

/** A thousand saves count as popular as it gets; the logarithm keeps the head of the catalogue from winning everywhere. */
const popularSaves = 1_000;
const freshHalfLifeMillis = 7 * 24 * 3_600_000;
/** Even the smallest interest keeps 60 % of its similarity: weights order interests, they do not end them. */
const smallestStrength = 0.6;
/** Below this cosine a pin has nothing to do with the hidden one. */
const aversionFrom = 0.5;
const viewsUntilTired = 3;

const nothing = () => 0;

/** Whether the learned blend judges the candidate: it has the pin's popularity in it, so other scorers leave that alone. */
const isBlended = ({ taste }: Candidate, { blending }: FeedContext) => taste !== null && blending !== null;

/** The learned blend where the model knows pin and user; else the likeness to the taste by sight. */
export const relevance: Scorer = {
  weight: 1,
  judge: (context) => {
    const { blending } = context;
    const bySight = sightOf(context);
    if (!blending) return bySight;
    return (scored) => (scored.candidate.taste ? blendStrength(blendOf(scored.candidate, blending)) : bySight(scored));
  },
};

/** Among pins that the model knows, those that also look like the taste are ahead. */
export const likeness: Scorer = {
  weight: 0.2,
  judge: (context) => {
    if (!context.blending) return nothing;
    const bySight = sightOf(context);
    return (scored) => (scored.candidate.taste ? bySight(scored) : 0);
  },
};

/** The highest similarity to one of the user's clusters and last actions, by their strength. */
function sightOf({ taste: { attractions } }: FeedContext): (scored: ScoredCandidate) => number {
  const strongest = attractions.reduce((most, { weight }) => Math.max(most, weight), 0);
  const strengths = attractions.map(({ weight }) => smallestStrength + (1 - smallestStrength) * (weight / strongest));
  return ({ candidate: { embedding } }) => {
    let best = 0;
    if (embedding.length === 0) return best;
    for (let i = 0; i < attractions.length; i++) {
      best = Math.max(best, (strengths[i] ?? 0) * dot(embedding, attractions[i]?.embedding ?? embedding));
    }
    return best;
  };
}

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
