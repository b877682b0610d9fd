/** Candidates drawn by code, for tests. */
import { newBoardId, newPinId, newUserId, type UserId } from "@vitrine/contracts";
import { normalise, seededSequence } from "@vitrine/vectors";
import type { Candidate, LoadedFragment } from "./candidate.ts";
import type { FeedContext } from "./context.ts";
import { hashOfId } from "./pin-hashes.ts";
import { decodePinVector, encodePinVector, lengthOf } from "./pin-vector.ts";

export const drawnNow = 1_790_000_000_000;

/** A unit vector near axis `axis`; the more noise (0..1), the farther. */
export function near(axis: number, noise: number, random: () => number): Float32Array {
  return normalise(Float32Array.from({ length: 32 }, (_, d) => (d === axis ? 1 : 0) + noise * (random() - 0.5)));
}

/** `count` pins; the options may depend on the position. */
export function drawCandidates(
  count: number,
  options: (
    i: number,
  ) => Partial<Candidate> & { category?: string | null; creator?: number; axis?: number } = () => ({}),
): Candidate[] {
  const random = seededSequence(count);
  return Array.from({ length: count }, (_, i) => {
    const { category = null, creator = i, axis = i % 32, ...rest } = options(i);
    const userId = newUserId(`creator-${creator}`, { now: 1, random: 0.5 }) as UserId;
    const boardId = newBoardId(userId, { now: 1, random: 0.5 });
    const id = newPinId(userId, { now: drawnNow + i, random: random() });
    return {
      pin: { id, userId, boardId, title: "", category, width: 1, height: 1, color: null, renditions: null },
      hash: hashOfId(id),
      embedding: near(axis, 0.3, random),
      item: -1,
      taste: null,
      tasteLength: 0,
      createdAt: drawnNow,
      saves: 0,
      ...rest,
    };
  });
}

/** Makes a candidate one of words alone, at a position of a model. */
export function placed(
  item: number,
  vector: ArrayLike<number>,
): Pick<Candidate, "item" | "taste" | "tasteLength" | "embedding"> {
  const taste = decodePinVector(encodePinVector(vector));
  return { item, taste, tasteLength: lengthOf(taste), embedding: new Float32Array() };
}

/** What a source brought. */
export function fragmentOf(
  candidates: readonly Candidate[],
  source: LoadedFragment["request"]["source"] = "interest",
  id = "0",
): LoadedFragment {
  return { request: { source, id, weight: 0, need: "essential" }, candidates };
}

export function contextOf(changes: Partial<FeedContext> = {}): FeedContext {
  return {
    userId: null,
    now: drawnNow,
    seed: 1,
    taste: { attractions: [], latest: null, aversions: [] },
    blending: null,
    tasteInterests: [],
    tasteInterestCount: 0,
    lastSaves: [],
    interests: [],
    openInterests: 0,
    page: 0,
    follows: [],
    exclusions: { shown: new Set(), known: new Set(), recent: new Set(), withheld: new Set() },
    views: new Map(),
    overexposed: new Set(),
    settings: {},
    ...changes,
  };
}
