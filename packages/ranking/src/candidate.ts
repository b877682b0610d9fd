/** What the stages of a feed pass on, and fragments: lists of candidates that many users share. */
import type { FeedReason, PinCard } from "@vitrine/contracts";
import { dequantise, quantise } from "@vitrine/vectors";
import { fromBase64, toBase64 } from "./base64.ts";

/** A pin that may come onto a page, with all that ranking needs of it. */
export interface Candidate {
  pin: PinCard;
  /** Visual embedding as a unit vector, unpacked once a fragment; empty when there is none. Stored as int8. */
  embedding: Float32Array;
  /** Milliseconds since 1970. */
  createdAt: number;
  saves: number;
  /** Which source brought it. */
  reason: FeedReason;
  /** What the source itself thinks of it, 0..1: 1 for its best. */
  prior: number;
}

export interface ScoredCandidate extends Candidate {
  score: number;
}

/** Candidates of one interest, one followed, the trending or the fresh, built once for all users of a region. */
export interface Fragment {
  /** Milliseconds since 1970. */
  builtAt: number;
  candidates: Candidate[];
}

/** At most this many candidates a fragment: what one Vectorize query answers without values and metadata. */
export const maxFragmentCandidates = 100;

/** In memory: about 1,200 bytes a candidate, which are 512 of embedding, its card and the objects around them. */
export function bytesOfFragment(fragment: Fragment): number {
  return 100 + fragment.candidates.length * 1_200;
}

export function encodeFragment({ builtAt, candidates }: Fragment): string {
  const packed = candidates.map((candidate) => ({ ...candidate, embedding: toBase64(quantise(candidate.embedding)) }));
  return JSON.stringify({ builtAt, candidates: packed });
}

export function decodeFragment(text: string): Fragment {
  const packed: { builtAt: number; candidates: (Omit<Candidate, "embedding"> & { embedding: string })[] } =
    JSON.parse(text);
  return {
    builtAt: packed.builtAt,
    candidates: packed.candidates.map((candidate) => ({
      ...candidate,
      embedding: dequantise(fromBase64(candidate.embedding)),
    })),
  };
}
