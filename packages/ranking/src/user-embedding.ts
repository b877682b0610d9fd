/**
 * The user embedding: a user's long-term taste as up to eight medoids, one for each cluster of what was saved and
 * created (PinnerSage, Pal et al. 2020: several medoids, because the mean of shoes and dresses is neither), with what
 * a feed must know besides: whom the user follows and which pins the user has already.
 *
 * Made by ingest, kept in KV, read by every feed. `through` says how far it knows the user; the region's store has the rest.
 */
import type { BoardId, UserId } from "@vitrine/contracts";
import { dequantise, dot, kMeans, quantise } from "@vitrine/vectors";
import { fromBase64, toBase64 } from "./base64.ts";
import { packHashes, unpackHashes } from "./pin-hashes.ts";
import { seededSequence } from "./sequence.ts";
import { recencyWeight } from "./taste.ts";

/** What computes user embeddings; another version is read as no embedding. */
export const userEmbeddingVersion = 1;
/** Pinterest serves with 3 medoids of up to 75 clusters; eight fit a page of 25 and cost eight fragments. */
export const maxMedoids = 8;
/** Clustering 200 vectors of 128 dimensions takes a few milliseconds. */
export const maxPinsPerUserEmbedding = 200;
export const maxFollowsPerUserEmbedding = 200;
/** Four bytes each: what is saved beyond that long ago may be shown again. */
export const maxKnownPins = 4_000;

export interface Medoid {
  /** Of the pin that stands for the cluster; a unit vector, stored as int8. */
  embedding: Float32Array;
  /** Share of the user's taste; all medoids sum to 1. */
  weight: number;
}

export interface UserEmbedding {
  medoids: Medoid[];
  follows: (UserId | BoardId)[];
  /** Hashes of pins that the user saved, created or hid. */
  knownPins: number[];
  /** Milliseconds since 1970: actions up to here are in it. */
  through: number;
}

/** A pin that the user saved or created. */
export interface OwnedPin {
  embedding: Uint8Array;
  /** `actionWeight` of how it came to the user. */
  weight: number;
  occurredAt: number;
}

export function userEmbeddingKey(userId: UserId): string {
  return `user:${userId}`;
}

/** The medoids of what a user has: deterministic for the same pins in the same order. Pins without embeddings are left out. */
export function medoidsOf(owned: readonly OwnedPin[], now: number): Medoid[] {
  const pins = owned.filter((pin) => pin.embedding.length > 0).slice(0, maxPinsPerUserEmbedding);
  if (pins.length === 0) return [];
  const vectors = pins.map((pin) => dequantise(pin.embedding));
  const k = Math.min(Math.max(Math.round(Math.sqrt(pins.length)), 1), maxMedoids);
  const { centroids, assignments } = kMeans(vectors, {
    k,
    isSpherical: true,
    random: seededSequence(pins.length),
    maxIterations: 15,
  });
  const weights = pins.map((pin) => pin.weight * recencyWeight(pin.occurredAt, now));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return centroids
    .flatMap((centroid, cluster) => {
      const members = vectors.flatMap((vector, i) => (assignments[i] === cluster ? [{ vector, i }] : []));
      const [medoid] = members.toSorted((a, b) => dot(b.vector, centroid) - dot(a.vector, centroid) || a.i - b.i);
      if (!medoid) return [];
      const weight = members.reduce((sum, { i }) => sum + (weights[i] ?? 0), 0) / total;
      return [{ embedding: medoid.vector, weight }];
    })
    .toSorted((a, b) => b.weight - a.weight);
}

export function encodeUserEmbedding(embedding: UserEmbedding): string {
  return JSON.stringify({
    version: userEmbeddingVersion,
    through: embedding.through,
    medoids: embedding.medoids.map((medoid) => ({
      embedding: toBase64(quantise(medoid.embedding)),
      weight: medoid.weight,
    })),
    follows: embedding.follows,
    knownPins: packHashes(embedding.knownPins),
  });
}

/** Null for an embedding of another version. */
export function decodeUserEmbedding(text: string): UserEmbedding | null {
  const packed: {
    version: number;
    through: number;
    medoids: { embedding: string; weight: number }[];
    follows: (UserId | BoardId)[];
    knownPins: string;
  } = JSON.parse(text);
  if (packed.version !== userEmbeddingVersion) return null;
  return {
    through: packed.through,
    medoids: packed.medoids.map(({ embedding, weight }) => ({
      embedding: dequantise(fromBase64(embedding)),
      weight,
    })),
    follows: packed.follows,
    knownPins: unpackHashes(packed.knownPins),
  };
}
