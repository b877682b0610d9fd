import type { BoardId, FeedReason, FeedSettings, PinId, UserId } from "@vitrine/contracts";
import type { Blending } from "./blending.ts";
import type { LastSave } from "./collaborative-taste.ts";
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
  /** Decides ties, and what is explored. */
  seed: number;
  taste: Taste;
  /** The user among the pins of the model that serves; null without a model, or when nothing is known of the user. */
  blending: Blending | null;
  /** Interests of the model, nearest to the user first; empty without `blending`. */
  tasteInterests: readonly number[];
  /** How many interests the model has. */
  tasteInterestCount: number;
  /** Newest first. */
  lastSaves: readonly LastSave[];
  /** All interests of the codebook in the order of widening; empty without a codebook. */
  interests: readonly Interest[];
  /** How many interests this scroll has opened: of the taste where there is one, else of the codebook. */
  openInterests: number;
  /** 0 for the first page of a scroll. */
  page: number;
  follows: readonly (UserId | BoardId)[];
  exclusions: Exclusions;
  /** How often the user saw a pin lately. */
  views: ReadonlyMap<PinId, number>;
  /** Pins that have had their share of the region's pages for this hour. */
  overexposed: ReadonlySet<PinId>;
  /** What the user's experiments change; empty for everybody else. */
  settings: FeedSettings;
}

/**
 * Names a fragment of a region: an interest's number, a saved pin, a followed user or board, or empty for trending and
 * fresh.
 */
export interface FragmentRequest {
  source: FeedReason;
  id: string;
  /** Of an interest: how much of the taste it holds. */
  weight: number;
  /** How a page does when it is not in memory: it waits, goes without, or has it in place of another. */
  need: "essential" | "welcome" | "spare";
}
