/**
 * The user embedding: a user's long-term taste as up to eight visual directions, one for each cluster of what was saved
 * and created, and as a place among the pins of the trained model; with what a feed must know besides: whom the user
 * follows and blocks, and which pins the user has already.
 *
 * Several directions, because the mean of shoes and dresses is neither (PinnerSage, Pal et al. 2020). PinnerSage stands a
 * pin, the medoid, for each cluster, to spare storage; the mean direction finds more: on 3,068 photos of ten kinds of
 * clothes, of the first twenty pins for who saved twenty dresses 69 % are dresses, by medoids 60 %; of shoes 92 % and 84 %.
 *
 * Made by ingest, and by the edge for who has none or one of another model; kept in KV, read by every feed. `through` says
 * how far it knows the user; the region's store has the rest.
 */
import { actionWeight, type BoardId, type PinId, type UserId } from "@vitrine/contracts";
import { dequantise, kMeans, seededSequence } from "@vitrine/vectors";
import { type LongTermTaste, longTermTasteOf, maxActionsPerTaste } from "./collaborative-taste.ts";
import type { ItemBasis } from "./fold-in.ts";
import { hashOfId } from "./pin-hashes.ts";
import type { PinModels } from "./pin-models.ts";
import { decodePinVector, unpackPinVector } from "./pin-vector.ts";
import { recencyWeight, type TasteVector } from "./taste.ts";

/** PinnerSage serves with three of a user's clusters a request; eight share out a page of 25 and cost eight fragments. */
export const maxClusters = 8;
/** Clustering 200 vectors of 128 dimensions takes a few milliseconds. */
export const maxPinsPerUserEmbedding = 200;

/** How much of a user's history goes into an embedding. */
export const userHistoryLimits = {
  maxOwned: maxPinsPerUserEmbedding,
  maxActions: maxActionsPerTaste,
  /** Four bytes each: what is saved beyond that long ago may be shown again. */
  maxKnown: 4_000,
  maxFollows: 200,
} as const;

/** Of the pins that are clustered, 136 bytes each: with up to so many, one that is taken back leaves the clusters at once. */
export const maxKeptOwned = 32;

/** Below 24 pins a cluster holds three: fewer lose what tells a small taste from its neighbours. */
const pinsPerCluster = 3;

export interface UserEmbedding {
  /** Milliseconds since 1970: actions up to here are in it. */
  through: number;
  /** Unit vectors, stored as int8; their weights sum to 1. Heaviest first. */
  clusters: readonly TasteVector[];
  follows: readonly (UserId | BoardId)[];
  blocked: readonly UserId[];
  /** Hashes of pins that the user saved, created or hid. */
  knownPins: ReadonlySet<number>;
  /** What the clusters are made of, newest first, while there are at most `maxKeptOwned`; else none. */
  owned: readonly KeptOwnedPin[];
  /** Null when no model served as it was made. */
  collaborative: LongTermTaste | null;
}

/** A pin among those that the clusters are made of. */
export interface KeptOwnedPin {
  /** `hashOfId`; 0 for a pin that the user created, which stays theirs whatever they save. */
  hash: number;
  /** int8. */
  embedding: Uint8Array;
  /** With its age, as the embedding was made. */
  weight: number;
}

/** A pin that the user saved or created. */
export interface OwnedPin {
  embedding: Uint8Array;
  /** `actionWeight` of how it came to the user. */
  weight: number;
  occurredAt: number;
}

/** What D1 holds of a user (`userHistory` in @vitrine/store). */
export interface EmbeddableHistory {
  owned: readonly (OwnedPin & { pinId: PinId })[];
  /** Saved and created pins that are not hidden, with a picture or without, newest first. */
  actions: readonly { pinId: PinId; weight: number }[];
  knownPins: readonly PinId[];
  follows: readonly (UserId | BoardId)[];
  blocked: readonly UserId[];
}

export function userEmbeddingKey(userId: UserId): string {
  return `user:${userId}`;
}

/** The same for the same history: a few milliseconds for a long one. */
export function userEmbeddingOf(
  history: EmbeddableHistory,
  through: number,
  model: { version: string; basis: ItemBasis; pins: PinModels } | null,
): UserEmbedding {
  const owned = pictured(history.owned).map(({ pinId, ...pin }) => ({
    hash: pin.weight > actionWeight.save ? 0 : hashOfId(pinId),
    ...{ embedding: pin.embedding, weight: weightAt(through, pin) },
  }));
  return {
    through,
    clusters: clustersOfKept(owned),
    follows: history.follows,
    blocked: history.blocked,
    knownPins: new Set(history.knownPins.map(hashOfId)),
    owned: owned.length <= maxKeptOwned ? owned : [],
    collaborative: model && longTermTasteOf(actionsIn(model.pins, history.actions), model),
  };
}

/** Whether it says anything at all of its user. */
export function isEmptyUserEmbedding({ clusters, follows, blocked, knownPins, collaborative }: UserEmbedding): boolean {
  const count = clusters.length + follows.length + blocked.length + knownPins.size;
  return count + (collaborative?.actionCount ?? 0) === 0;
}

function actionsIn(pins: PinModels, actions: EmbeddableHistory["actions"]) {
  return actions.flatMap(({ pinId, weight }) => {
    const known = pins.get(pinId);
    if (!known) return [];
    return {
      pinId,
      item: known.item,
      vector: unpackPinVector(decodePinVector(known.vector)),
      // As in the training, whose saves have no age.
      weight: weight / actionWeight.save,
      neighbours: known.neighbours,
      isSave: true,
    };
  });
}

/** Clusters what a user has: the same for the same pins in the same order. Pins without embeddings are left out. */
export function clustersOf(owned: readonly OwnedPin[], now: number): TasteVector[] {
  return clustersOfKept(pictured(owned).map((pin) => ({ embedding: pin.embedding, weight: weightAt(now, pin) })));
}

/** Newest first. */
function pictured<P extends OwnedPin>(owned: readonly P[]): P[] {
  return owned.filter(({ embedding }) => embedding.length > 0).slice(0, maxPinsPerUserEmbedding);
}

function weightAt(now: number, { weight, occurredAt }: OwnedPin): number {
  return weight * recencyWeight(occurredAt, now);
}

/** The same of pins that have their weights already. */
export function clustersOfKept(pins: readonly Omit<KeptOwnedPin, "hash">[]): TasteVector[] {
  if (pins.length === 0) return [];
  const vectors = pins.map((pin) => dequantise(pin.embedding));
  const k = Math.min(Math.ceil(pins.length / pinsPerCluster), maxClusters);
  const { centroids, assignments } = kMeans(vectors, {
    k,
    isSpherical: true,
    random: seededSequence(pins.length),
    maxIterations: 15,
  });
  const total = pins.reduce((sum, { weight }) => sum + weight, 0);
  return centroids
    .map((embedding, cluster) => {
      const share = pins.reduce((sum, { weight }, i) => (assignments[i] === cluster ? sum + weight : sum), 0);
      return { embedding, weight: share / total };
    })
    .toSorted((a, b) => b.weight - a.weight);
}
