/** What the stages of a feed pass on, and fragments: lists of candidates that many users share. */
import type { FeedReason, PinCard, PinId } from "@vitrine/contracts";
import type { FragmentRequest } from "./context.ts";
import type { PinVector } from "./pin-vector.ts";

/**
 * A pin that may come onto a page, with all that ranking needs of it. It says nothing of a user or a source: one object an
 * isolate is shared by all fragments that hold the pin. Readers must not change it.
 */
export interface Candidate {
  pin: PinCard;
  /** `hashOfId` of the pin's id. */
  hash: number;
  /** Visual embedding as a unit vector; empty when there is none. Stored as int8. */
  embedding: Float32Array;
  /** Position of the pin in the model of the fragment; −1 when that does not know it. */
  item: number;
  /** Collaborative vector; null when the model does not know the pin. */
  taste: PinVector | null;
  /** Length of `taste.values`, for cosines. */
  tasteLength: number;
  /** Milliseconds since 1970. */
  createdAt: number;
  saves: number;
}

/** Candidates of one interest, one followed, the trending or the fresh, built once for all users of a region. */
export interface Fragment {
  /** Milliseconds since 1970. */
  builtAt: number;
  /** Version of the model whose numbers the candidates carry; empty for none. */
  model: string;
  /** The source's best first. */
  candidates: Candidate[];
}

/** A fragment as a page takes it: what was asked for, and what it holds. */
export interface LoadedFragment {
  request: FragmentRequest;
  candidates: readonly Candidate[];
}

/** A pin on its way onto one page: all sources that brought it, as one. */
export interface ScoredCandidate {
  candidate: Candidate;
  /** The most telling of its sources. */
  reason: FeedReason;
  /** The saved pin that brought it, where the reason is `neighbours`. */
  because: PinId | null;
  /** The most that one of its sources gives it, 0..1; see `sourceWorth`. */
  worth: number;
  /** How high the source of `because` has it, 0..1. */
  strength: number;
  /** Brought by the fresh. */
  isFresh: boolean;
  /** Brought by exploring. */
  isExplored: boolean;
  score: number;
}

/** At most this many candidates a fragment: what one Vectorize query answers without values and metadata. */
export const maxFragmentCandidates = 100;
