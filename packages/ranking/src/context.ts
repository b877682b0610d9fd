import type { BoardId, FeedReason, PinId, UserId } from "@vitrine/contracts";
import type { Interest, Taste } from "./taste.ts";

/** What must not come onto a page. Sets of numbers hold `hashOfId` of pins. */
export interface Exclusions {
  /** On earlier pages of this scroll. */
  shown: ReadonlySet<number>;
  /** Saved, created or hidden, by the user embedding. */
  known: ReadonlySet<number>;
  /** Saved, created or hidden, by the last actions. */
  recent: ReadonlySet<PinId>;
  /** Pins, boards and users that are out of feeds: deleted, turned secret, blocked. */
  withheld: ReadonlySet<string>;
}

/** Everything that the stages of one feed see: plain data, so the same context and candidates make the same page. */
export interface FeedContext {
  userId: UserId | null;
  /** Milliseconds since 1970. */
  now: number;
  /** Decides ties alone. */
  seed: number;
  taste: Taste;
  /** All interests of the codebook in the order of widening; empty without a codebook. */
  interests: readonly Interest[];
  /** How many of `interests` this scroll has opened. */
  openInterests: number;
  /** 0 for the first page of a scroll. */
  page: number;
  follows: readonly (UserId | BoardId)[];
  exclusions: Exclusions;
  /** How often the user saw a pin lately. */
  views: ReadonlyMap<PinId, number>;
}

/** Names a fragment of a region: an interest's number, a followed user or board, or empty for trending and fresh. */
export interface FragmentRequest {
  source: Exclude<FeedReason, "taste" | "neighbours" | "explore">;
  id: string;
  /** Of an interest: how much of the taste it holds. */
  weight: number;
}
