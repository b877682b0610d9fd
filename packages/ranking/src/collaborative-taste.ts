/**
 * A user among the pins of a trained model: the long memory, made of what D1 holds and kept in the user embedding, and
 * the last actions, which are folded in in the request. So a save moves the next page, whoever was in the training.
 *
 * With up to `maxKeptVectors` actions of the long memory the vector is exact at any moment. Beyond, new actions are one
 * Newton step from the kept vector: on Pinterest's saves (bench/taste-limits.ts of training) three of a user's actions by
 * a step cost .0008 of sampled HR@10 and nothing of full HR@10, of users of 48 saves and more nothing of either.
 */
import type { PinId } from "@vitrine/contracts";
import { curvatureOf, foldIn, type ItemBasis, userVectorOf, type VectorAction } from "./fold-in.ts";
import type { Neighbours } from "./neighbours.ts";
import { Walk } from "./walk.ts";

/** The latest; on Pinterest nobody of 37,501 users has more than 122. 256 are folded in and walked from in 22 ms, where the embedding is made. */
export const maxActionsPerTaste = 256;
/** Of the long memory, 136 bytes each: with one new action they are folded in in 0.14 ms, with ten in 0.4. */
export const maxKeptVectors = 32;
/** Items of the walk that are kept, 6 bytes each: 500 cost .0016 of sampled HR@10, 1,000 half of it; full HR@10 stays. */
export const maxWalkItems = 1_000;
export const maxLastSaves = 10;

export interface CollaborativeTaste {
  /** Version of the model that all numbers are of. */
  model: string;
  /** Its dot product with a pin vector is the relevance; see `productScale`. */
  vector: Float32Array;
  /** Actions in the vector, above 0: chooses the weights of the blend (`weightsFor`). */
  actionCount: number;
  /** Share of the walk from the user's pins that ends at an item, 0..1: `walk` of `BlendEvidence`. Absent is 0. */
  neighbourScores: ReadonlyMap<number, number>;
  /** Newest first, at most 10, only pins that the model knows. */
  lastSaves: LastSave[];
}

/** A pin that the user put on a board, by saving or creating it. */
export interface LastSave {
  pinId: PinId;
  /** Position of the pin in the model. */
  item: number;
}

/** An action on a pin that the model knows. */
export interface TasteAction extends VectorAction, LastSave {
  /** Where they could not be had, the action is in the vector and not in the walk. */
  neighbours: Neighbours | null;
  isSave: boolean;
}

/** What the user embedding keeps: all that `collaborativeTasteOf` goes on from. */
export interface LongTermTaste {
  model: string;
  vector: Float32Array;
  actionCount: number;
  /** Diagonal of Σ c x xᵀ over the actions. */
  curvature: Float32Array;
  /** Items of the actions, newest first. */
  items: Uint32Array;
  /** The actions' vectors in the order of `items` while there are at most `maxKeptVectors`; else none. */
  vectors: readonly VectorAction[];
  /** The greatest shares of the walk, at most `maxWalkItems`. */
  walk: ReadonlyMap<number, number>;
  /** Sum of the weights of which the shares are shares. */
  walkTotal: number;
  lastSaves: LastSave[];
}

/** Newest first; an item counts once, and beyond `maxActionsPerTaste` the oldest are left out. */
export function longTermTasteOf(
  actions: readonly TasteAction[],
  { version, basis }: { version: string; basis: ItemBasis },
): LongTermTaste {
  const told = newestOfEach(actions).slice(0, maxActionsPerTaste);
  const hasVectors = told.length <= maxKeptVectors;
  const walk = new Walk();
  for (const action of told) walkFrom(action, walk);
  return {
    model: version,
    vector: hasVectors ? userVectorOf(told, basis) : foldIn(told, basis, { most: maxActionsPerTaste }),
    actionCount: told.length,
    curvature: curvatureOf(told, basis.gramian.length),
    items: Uint32Array.from(told, ({ item }) => item),
    vectors: hasVectors ? told.map(({ vector, weight }) => ({ vector, weight })) : [],
    walk: walk.strongest(maxWalkItems),
    walkTotal: walk.total,
    lastSaves: lastSavesOf(told),
  };
}

/**
 * The long memory with what came after it, newest first; items that it knows already change nothing. `hidden` items leave
 * it where it has their vectors. Null when nothing is known of the user.
 */
export function collaborativeTasteOf(
  longTerm: LongTermTaste | null,
  { recent, hidden }: { recent: readonly TasteAction[]; hidden: ReadonlySet<number> },
  { version, basis }: { version: string; basis: ItemBasis },
): CollaborativeTaste | null {
  const known = longTerm?.model === version ? longTerm : null;
  const items = new Set(known?.items);
  const fresh = newestOfEach(recent).filter(({ item }) => !items.has(item) && !hidden.has(item));
  const { vector, actionCount } = vectorWith(known, fresh, { hidden, basis });
  if (actionCount === 0) return null;
  const saves = [...lastSavesOf(fresh), ...(known?.lastSaves ?? [])].filter(({ item }) => !hidden.has(item));
  return {
    model: version,
    vector,
    actionCount,
    neighbourScores: walkWith(known, fresh),
    lastSaves: saves.slice(0, maxLastSaves),
  };
}

function vectorWith(
  known: LongTermTaste | null,
  fresh: readonly TasteAction[],
  { hidden, basis }: { hidden: ReadonlySet<number>; basis: ItemBasis },
): { vector: Float32Array; actionCount: number } {
  if (known && known.vectors.length < known.actionCount) {
    const actionCount = known.actionCount + fresh.length;
    if (fresh.length === 0) return { vector: known.vector, actionCount };
    const prior = { vector: known.vector, actions: known.actionCount, curvature: known.curvature };
    return { vector: foldIn(fresh, basis, { prior }), actionCount };
  }
  const kept = known?.vectors.filter((_, i) => !hidden.has(known.items[i] ?? -1)) ?? [];
  const isAsKept = known !== null && fresh.length === 0 && kept.length === known.actionCount;
  const actions = [...fresh, ...kept];
  return { vector: isAsKept ? known.vector : userVectorOf(actions, basis), actionCount: actions.length };
}

function walkWith(known: LongTermTaste | null, fresh: readonly TasteAction[]): ReadonlyMap<number, number> {
  const steps = new Walk();
  for (const action of fresh) walkFrom(action, steps);
  if (steps.total === 0) return known?.walk ?? new Map();
  const total = (known?.walkTotal ?? 0) + steps.total;
  const shares = new Map<number, number>();
  const keptPart = (known?.walkTotal ?? 0) / total;
  for (const [item, share] of known?.walk ?? []) shares.set(item, share * keptPart);
  const newPart = steps.total / total;
  for (const [item, share] of steps.shares()) shares.set(item, (shares.get(item) ?? 0) + share * newPart);
  return shares;
}

function walkFrom({ neighbours, weight }: TasteAction, walk: Walk): void {
  if (!neighbours) return;
  const { items, weights } = neighbours;
  for (let i = 0; i < items.length; i++) walk.add(items[i] ?? 0, weight * (weights[i] ?? 0));
}

function lastSavesOf(actions: readonly TasteAction[]): LastSave[] {
  const saves = actions.filter(({ isSave }) => isSave).slice(0, maxLastSaves);
  return saves.map(({ pinId, item }) => ({ pinId, item }));
}

/** Of several actions on one item the heaviest counts, at the place of the newest. */
function newestOfEach(actions: readonly TasteAction[]): TasteAction[] {
  const found = new Map<number, TasteAction>();
  for (const action of actions) {
    const known = found.get(action.item);
    if (!known || action.weight > known.weight) found.set(action.item, action);
  }
  return [...found.values()];
}
