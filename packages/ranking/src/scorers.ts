/** Scorers judge a candidate from one side each, in 0..1; the pipeline adds them up by their weights. */
import type { FeedReason } from "@vitrine/contracts";
import { dot } from "@vitrine/vectors";
import type { Candidate } from "./candidate.ts";
import type { FeedContext } from "./context.ts";

export interface Scorer {
  /** Negative for what speaks against a candidate. */
  weight: number;
  score(candidate: Candidate, context: FeedContext): number;
}

/** A thousand saves count as popular as it gets; the logarithm keeps the head of the catalogue from winning everywhere. */
const popularSaves = 1_000;
const freshHalfLifeMillis = 7 * 24 * 3_600_000;
/** Even the smallest interest keeps 60 % of its similarity: weights order interests, they do not end them. */
const smallestStrength = 0.6;
/** Below this cosine a pin has nothing to do with the hidden one. */
const aversionFrom = 0.5;
const viewsUntilTired = 3;

/** The highest similarity to one of the user's clusters and last actions, by their strength. */
export const relevance: Scorer = {
  weight: 1,
  score: ({ embedding }, { taste: { attractions } }) => {
    const strongest = attractions.reduce((most, { weight }) => Math.max(most, weight), 0);
    return attractions.reduce((best, attraction) => {
      const strength = smallestStrength + (1 - smallestStrength) * (attraction.weight / strongest);
      return Math.max(best, strength * dot(attraction.embedding, embedding));
    }, 0);
  },
};

/**
 * Like what the user turned to last: one save must show on the very next page, whatever twenty saves say before it. At 0.4
 * a dress after twenty shoes brings three to six of its twenty nearest onto the first twenty places, and the shoes stay.
 */
export const momentum: Scorer = {
  weight: 0.4,
  score: ({ embedding }, { taste: { latest } }) =>
    latest ? latest.weight * Math.max(0, dot(latest.embedding, embedding)) : 0,
};

export const popularity: Scorer = {
  weight: 0.06,
  score: ({ saves }) => Math.min(Math.log1p(saves) / Math.log1p(popularSaves), 1),
};

export const freshness: Scorer = {
  weight: 0.04,
  score: ({ createdAt }, { now }) => 0.5 ** (Math.max(0, now - createdAt) / freshHalfLifeMillis),
};

/** What a source is worth besides likeness: whom one follows most, then what trends here. */
const sourceWorth = {
  taste: 0,
  neighbours: 0,
  interest: 0,
  trending: 0.6,
  fresh: 0.5,
  followed: 1,
  explore: 0,
} as const satisfies Record<FeedReason, number>;

export const sourcePrior: Scorer = {
  weight: 0.2,
  score: ({ reason, prior }) => sourceWorth[reason] * prior,
};

/** Like what the user hid. */
export const aversion: Scorer = {
  weight: -0.5,
  score: ({ embedding }, { taste: { aversions } }) => {
    const nearest = aversions.reduce((most, hidden) => Math.max(most, dot(hidden, embedding)), 0);
    return nearest <= aversionFrom ? 0 : (nearest - aversionFrom) / (1 - aversionFrom);
  },
};

/** Seen lately and passed by: goes down, but comes back when there is nothing else (small catalogues). */
export const repetition: Scorer = {
  weight: -0.25,
  score: ({ pin }, { views }) => Math.min((views.get(pin.id) ?? 0) / viewsUntilTired, 1),
};
