/**
 * Taking back what a user embedding knows already: an unsave is in the region's store at once, and in the embedding when
 * *ingest* has made it anew. Until then each request takes the pin out of what it has, so that the next page is as if it
 * had never been saved.
 *
 * Exactly so for who has up to `maxKeptVectors` pins, whose vectors the embedding keeps. Beyond, the place in the model
 * goes a step back, and the pin stays in the directions of pictures, of which it is 3 % at most.
 */
import type { KeptAction, PinId, Withdrawal } from "@vitrine/contracts";
import type { LongTermTaste } from "./collaborative-taste.ts";
import { curvatureOf, foldOut, type ItemBasis, userVectorOf, type VectorPrior } from "./fold-in.ts";
import type { Neighbours } from "./neighbours.ts";
import { hashOfId } from "./pin-hashes.ts";
import { clustersOfKept, type UserEmbedding } from "./user-embedding.ts";

/** What the model knows of a pin that was taken back. */
export interface TakenBack {
  item: number;
  /** Null where it could not be had: then only an embedding that keeps vectors loses the pin. */
  vector: Float32Array | null;
  /** Null where they could not be had: the pin stays in the walk. */
  neighbours: Neighbours | null;
}

/** What a save weighs in a taste; a creation weighs more, and no unsave takes it. */
const weightOfSave = 1;

/**
 * Pins whose save was taken back after the embedding was made, and that it knows as saved. Not those that were saved
 * again since (the store has no older save), or that the user made.
 */
export function takenBackSince(
  embedding: UserEmbedding,
  { withdrawals, actions }: { withdrawals: readonly Withdrawal[]; actions: readonly KeptAction[] },
): ReadonlySet<PinId> {
  const later = withdrawals.filter(({ type, at }) => type === "save" && at > embedding.through);
  if (later.length === 0) return new Set();
  const owned = new Set(actions.flatMap(({ type, pinId }) => (type === "save" || type === "create" ? [pinId] : [])));
  const pinIds = later.map(({ pinId }) => pinId);
  return new Set(pinIds.filter((id) => !owned.has(id) && embedding.knownPins.has(hashOfId(id))));
}

/** By sight, and as known: the place in the model is `tasteWithout`'s. A pin that was hidden too is in the last actions. */
export function embeddingWithout(embedding: UserEmbedding, pinIds: ReadonlySet<PinId>): UserEmbedding {
  const hashes = new Set([...pinIds].map(hashOfId));
  const { through, clusters, follows, blocked, knownPins, collaborative } = embedding;
  const owned = embedding.owned.filter(({ hash }) => !hashes.has(hash));
  return {
    ...{ through, follows, blocked, collaborative, owned },
    clusters: owned.length < embedding.owned.length ? clustersOfKept(owned) : clusters,
    knownPins: new Set([...knownPins].filter((hash) => !hashes.has(hash))),
  };
}

/** Items that are not among its actions, or that the user made, change nothing. */
export function tasteWithout(
  taste: LongTermTaste,
  takenBack: readonly TakenBack[],
  { basis }: { basis: ItemBasis },
): LongTermTaste {
  const removed = takenBack.filter(({ item }) => {
    const place = taste.items.indexOf(item);
    return place >= 0 && (taste.vectors[place]?.weight ?? weightOfSave) <= weightOfSave;
  });
  if (removed.length === 0) return taste;
  const gone = new Set(removed.map(({ item }) => item));
  const items = taste.items.filter((item) => !gone.has(item));
  return {
    model: taste.model,
    ...placeWithout(taste, { removed, gone, basis }),
    actionCount: items.length,
    items,
    ...walkWithout(taste, removed),
    lastSaves: taste.lastSaves.filter(({ item }) => !gone.has(item)),
  };
}

function placeWithout(
  taste: LongTermTaste,
  { removed, gone, basis }: { removed: readonly TakenBack[]; gone: ReadonlySet<number>; basis: ItemBasis },
): Pick<LongTermTaste, "vector" | "curvature" | "vectors"> {
  if (taste.vectors.length === taste.actionCount) {
    const vectors = taste.vectors.filter((_, i) => !gone.has(taste.items[i] ?? -1));
    return { vectors, vector: userVectorOf(vectors, basis), curvature: curvatureOf(vectors, basis.gramian.length) };
  }
  const known = removed.flatMap(({ vector }) => (vector ? [{ vector, weight: weightOfSave }] : []));
  const prior: VectorPrior = { vector: taste.vector, actions: taste.actionCount, curvature: taste.curvature };
  const { vector, curvature } = foldOut(known, basis, prior);
  return { vectors: [], vector, curvature };
}

function walkWithout(
  { walk, walkTotal }: LongTermTaste,
  removed: readonly TakenBack[],
): Pick<LongTermTaste, "walk" | "walkTotal"> {
  const weights = new Map<number, number>();
  let left = walkTotal;
  for (const { neighbours } of removed) {
    neighbours?.items.forEach((item, i) => {
      const weight = weightOfSave * (neighbours.weights[i] ?? 0);
      weights.set(item, (weights.get(item) ?? 0) + weight);
      left -= weight;
    });
  }
  if (weights.size === 0) return { walk, walkTotal };
  const greatest = [...walk.values()].reduce((most, share) => Math.max(most, share), 0);
  const least = (greatest * walkTotal) / 0xffff; // a step of the kept shares: what is less is left by rounding
  const shares = new Map<number, number>();
  if (left > least) {
    for (const [item, share] of walk) {
      const weight = share * walkTotal - (weights.get(item) ?? 0);
      if (weight > least) shares.set(item, weight / left);
    }
  }
  return { walk: shares, walkTotal: shares.size > 0 ? left : 0 };
}
