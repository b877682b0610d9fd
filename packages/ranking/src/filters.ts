/** Filters refuse candidates outright; each is one reason. */
import type { Candidate } from "./candidate.ts";
import type { FeedContext } from "./context.ts";

/** Answers whether the candidate may stay. */
export type Filter = (candidate: Candidate, context: FeedContext) => boolean;

/** A scroll never shows a pin twice. */
export const notShown: Filter = ({ hash }, { exclusions }) => !exclusions.shown.has(hash);

/** Saved, created or hidden pins are known to the user. */
export const notKnown: Filter = ({ hash, pin }, { exclusions }) =>
  !exclusions.known.has(hash) && !exclusions.recent.has(pin.id);

export const notOwn: Filter = ({ pin }, { userId }) => userId === null || pin.userId !== userId;

/** Deleted pins, boards that turned secret, and blocked users, from the moment it happened. */
export const notWithheld: Filter = ({ pin }, { exclusions: { withheld } }) =>
  withheld.size === 0 || (!withheld.has(pin.id) && !withheld.has(pin.boardId) && !withheld.has(pin.userId));
