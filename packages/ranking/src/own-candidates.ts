/**
 * How much a pin that a caller brings is for a user: one number a pin that needs no other candidate, so that scores of
 * two requests of the same user and model compare.
 *
 *   the model knows the user and the pin   the learned blend
 *   it knows the user, not the pin         the blend, with what likeness lets expect in place of vectors and walk
 *   no model, or it knows nothing of them  likeness to what the user turned to, then popularity
 *   no user                                popularity
 */
import { dequantise, dot } from "@vitrine/vectors";
import { blendFor, blendScore, productScale, weighsLikeness } from "./blend.ts";
import type { CollaborativeTaste } from "./collaborative-taste.ts";
import { dotPinVector, type PinVector } from "./pin-vector.ts";
import type { ServingModel } from "./serving-model.ts";
import { deviationsOfCosine, likenessOf, sightOf } from "./sight.ts";
import type { Taste } from "./taste.ts";

export interface OwnCandidate {
  /** Position in the model; −1 when the model does not know the pin. */
  item: number;
  vector: PinVector | null;
  /** Visual embedding, int8; empty while there is none. */
  embedding: Uint8Array;
  saves: number;
}

export interface RankingUser {
  collaborative: CollaborativeTaste | null;
  taste: Taste;
}

/** Until a model has learned it: a deviation of likeness counts as one of the vectors' say. */
const guessedScoreOfLikeness = 1;
/** As in the feed: likeness first, popularity where likeness is the same. */
const popularityWeight = 0.06;
/** ln(1 + 1,000): a thousand saves count as popular as it gets. */
const popularSaves = Math.log1p(1_000);
/** Below this cosine a pin has nothing to do with a hidden one; a twin of one loses half of what there is to win. */
const aversionFrom = 0.5;

/** A score for each candidate, higher for better; `user` is null for a list by popularity. */
export function ownCandidateScorer(
  user: RankingUser | null,
  model: ServingModel | null,
): (candidate: OwnCandidate) => number {
  const collaborative = user?.collaborative;
  if (user && model && collaborative && collaborative.model === model.version && collaborative.actionCount > 0) {
    return blended(collaborative, user.taste, model);
  }
  if (user && user.taste.attractions.length > 0) {
    return ({ embedding, saves }) =>
      likeness(embedding, user.taste) + popularityWeight * (Math.log1p(saves) / popularSaves);
  }
  return ({ saves }) => Math.log1p(saves) / popularSaves;
}

function blended(
  { vector: userVector, actionCount, neighbourScores }: CollaborativeTaste,
  taste: Taste,
  { basis, itemMean, blend }: ServingModel,
): (candidate: OwnCandidate) => number {
  const { mean, deviation } = productScale(userVector, { ...basis, itemMean });
  const { weights = [1], scoreOfLikeness = guessedScoreOfLikeness } = blendFor(blend, actionCount) ?? {};
  const bySight = weighsLikeness(weights) ? sightOf(taste.attractions) : null;
  return ({ item, vector, embedding, saves }) => {
    const evidence = {
      vector: vector ? (dotPinVector(userVector, vector) - mean) / deviation : 0,
      walk: neighbourScores.get(item) ?? 0,
      saves,
      likeness: bySight && embedding.length > 0 ? likenessOf(bySight(dequantise(embedding))) : 0,
    };
    const known = blendScore(evidence, weights);
    return vector ? known : known + scoreOfLikeness * deviationsOf(embedding, taste);
  };
}

/** Likeness on the vectors' scale. What has no picture either counts as the average pin. */
function deviationsOf(embedding: Uint8Array, taste: Taste): number {
  if (embedding.length === 0 || taste.attractions.length === 0) return 0;
  return deviationsOfCosine(likeness(embedding, taste));
}

/** The cosine with the attraction it is most like, less what it has of hidden pins; 0 without a picture. */
function likeness(packed: Uint8Array, { attractions, latest, aversions }: Taste): number {
  if (packed.length === 0) return 0;
  const embedding = dequantise(packed);
  let best = 0;
  for (const attraction of latest ? [...attractions, latest] : attractions) {
    best = Math.max(best, dot(attraction.embedding, embedding));
  }
  const hidden = aversions.reduce((most, aversion) => Math.max(most, dot(aversion, embedding)), 0);
  return best - Math.max(0, hidden - aversionFrom);
}
