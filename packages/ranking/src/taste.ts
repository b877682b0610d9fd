/** A user's taste at this moment: the long memory's medoids and the short memory's last actions, side by side. */
import { actionWeight, type KeptAction } from "@vitrine/contracts";
import { dequantise, dot } from "@vitrine/vectors";
import type { Codebook } from "./codebook.ts";
import type { UserEmbedding } from "./user-embedding.ts";

/** Design page: real-time features expire after an hour. */
const realTimeMillis = 3_600_000;
/** A save of two weeks ago counts half: tastes drift over weeks, not days. */
const halfLifeMillis = 14 * 24 * 3_600_000;
/** Within a session the last action counts twice as much as one of twenty minutes ago. */
const sessionHalfLifeMillis = 20 * 60_000;
/** The last actions that may steer a feed; more would cost the relevance scorer its milliseconds. */
const maxRecentPins = 24;
/** A fresh save outweighs a long-term medoid of average size, so that the very next page shows it. */
const recentShare = 0.5;

export interface TasteVector {
  /** Unit vector of a pin that stands for a part of the taste. */
  embedding: Float32Array;
  /** Above 0; all attractions sum to 1. */
  weight: number;
}

export interface Taste {
  attractions: TasteVector[];
  /** Embeddings of pins that were hidden. */
  aversions: Float32Array[];
}

/** An interest of the codebook and how much of the taste it holds, 0..1. */
export interface Interest {
  index: number;
  weight: number;
}

/** 1 now, ½ after two weeks; the future counts as now. */
export function recencyWeight(occurredAt: number, now: number): number {
  return 0.5 ** (Math.max(0, now - occurredAt) / halfLifeMillis);
}

/**
 * Merges medoids with actions (newest first) that the user embedding does not know yet or that belong to this session.
 * Of several actions on one pin the heaviest counts; a hidden pin attracts no more.
 */
export function tasteOf(embedding: UserEmbedding | null, actions: readonly KeptAction[], now: number): Taste {
  const through = embedding?.through ?? 0;
  const relevant = actions.filter(
    (action) =>
      action.embedding.length > 0 && (action.occurredAt > through || action.occurredAt > now - realTimeMillis),
  );
  const hidden = new Map(relevant.filter(({ type }) => type === "hide").map((action) => [action.pinId, action]));
  const recent = new Map<string, TasteVector>();
  for (const action of relevant) {
    const weight = sessionWeight(action, now);
    if (weight <= 0 || hidden.has(action.pinId)) continue;
    const known = recent.get(action.pinId);
    if (known) known.weight = Math.max(known.weight, weight);
    else if (recent.size < maxRecentPins) recent.set(action.pinId, { embedding: dequantise(action.embedding), weight });
  }
  return {
    attractions: blend(embedding?.medoids ?? [], [...recent.values()]),
    aversions: [...hidden.values()].slice(0, maxRecentPins).map((action) => dequantise(action.embedding)),
  };
}

/** Every interest of the codebook, the user's own first by weight, then the rest by likeness: the order of widening. */
export function interestsOf({ attractions }: Taste, { centroids }: Codebook): Interest[] {
  const rows = centroids.map((_, index) => ({ index, weight: 0, likeness: -1 }));
  for (const { embedding, weight } of attractions) {
    const likeness = centroids.map((centroid) => dot(embedding, centroid));
    const [first, second] = likeness.map((_, i) => i).toSorted((a, b) => (likeness[b] ?? 0) - (likeness[a] ?? 0));
    rows.forEach((row, i) => {
      row.likeness = Math.max(row.likeness, likeness[i] ?? -1);
      // A pin between two interests belongs to both; the nearer one holds twice as much of it.
      if (i === first) row.weight += (weight * 2) / 3;
      if (i === second) row.weight += weight / 3;
    });
  }
  return rows
    .toSorted((a, b) => b.weight - a.weight || b.likeness - a.likeness || a.index - b.index)
    .map(({ index, weight }) => ({ index, weight }));
}

function sessionWeight({ type, occurredAt }: KeptAction, now: number): number {
  const age = Math.max(0, now - occurredAt);
  return actionWeight[type] * (0.5 + 0.5 * 0.5 ** (age / sessionHalfLifeMillis)) * recencyWeight(occurredAt, now);
}

function blend(longTerm: readonly TasteVector[], recent: readonly TasteVector[]): TasteVector[] {
  const share = longTerm.length === 0 ? 1 : recent.length === 0 ? 0 : recentShare;
  return [...scaled(recent, share), ...scaled(longTerm, 1 - share)];
}

function scaled(vectors: readonly TasteVector[], share: number): TasteVector[] {
  const total = vectors.reduce((sum, { weight }) => sum + weight, 0);
  if (total <= 0 || share <= 0) return [];
  return vectors.map(({ embedding, weight }) => ({ embedding, weight: (weight / total) * share }));
}
