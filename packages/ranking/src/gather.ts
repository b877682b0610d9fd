/** Makes one list of what the fragments of a page bring: each pin once, with all its sources, refused pins left out. */
import type { FeedReason, PinId } from "@vitrine/contracts";
import type { LoadedFragment, ScoredCandidate } from "./candidate.ts";
import type { FeedContext } from "./context.ts";
import type { Filter } from "./filters.ts";
import { sourceWorth } from "./scorers.ts";

/** Of several sources, the reason is the one that says most about the user and the pin. */
const telling = {
  followed: 6,
  neighbours: 5,
  taste: 4,
  interest: 3,
  trending: 2,
  fresh: 1,
  explore: 0,
} as const satisfies Record<FeedReason, number>;

/** The order of fragments does not matter. */
export function gather(
  fragments: readonly LoadedFragment[],
  filters: readonly Filter[],
  context: FeedContext,
): ScoredCandidate[] {
  /** Null: refused. */
  const known = new Map<PinId, ScoredCandidate | null>();
  const admitted: ScoredCandidate[] = [];
  for (const { request, candidates } of fragments) {
    const worth = sourceWorth[request.source];
    for (let rank = 0; rank < candidates.length; rank++) {
      const candidate = candidates[rank];
      if (!candidate) continue;
      let scored = known.get(candidate.pin.id);
      if (scored === null) continue;
      if (scored === undefined) {
        const isRefused = !filters.every((filter) => filter(candidate, context));
        scored = isRefused ? null : { candidate, ...nothingYet };
        known.set(candidate.pin.id, scored);
        if (scored === null) continue;
        admitted.push(scored);
      }
      const prior = 1 - rank / candidates.length;
      if (worth * prior > scored.worth) scored.worth = worth * prior;
      bring(scored, request, prior);
    }
  }
  return admitted;
}

const nothingYet: Omit<ScoredCandidate, "candidate"> = {
  reason: "explore",
  because: null,
  worth: 0,
  strength: 0,
  isFresh: false,
  isExplored: false,
  score: 0,
};

function bring(scored: ScoredCandidate, { source, id }: LoadedFragment["request"], prior: number): void {
  if (source === "fresh") scored.isFresh = true;
  if (source === "explore") scored.isExplored = true;
  if (telling[source] > telling[scored.reason]) scored.reason = source;
  if (source !== "neighbours") return;
  const isStronger = prior > scored.strength || (prior === scored.strength && id < (scored.because ?? id));
  if (!isStronger) return;
  scored.strength = prior;
  scored.because = id as PinId;
}
