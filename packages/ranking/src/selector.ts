/**
 * The selector takes candidates one by one, each time the best that is left after a soft penalty for likeness to what
 * stands just before it (greedy maximal marginal relevance, Carbonell & Goldstein 1998, over a sliding window), under
 * the design's caps on category and creator.
 *
 * Guaranteed: no pin and no identical picture twice on a page; the same candidates, in any order, and the same seed
 * make the same page; where the caps would leave places empty, they give way and not the page.
 */
import { dot } from "@vitrine/vectors";
import type { ScoredCandidate } from "./candidate.ts";
import { hashOfId } from "./pin-hashes.ts";

export interface Selection {
  /** Places on the page. */
  size: number;
  /** Pins shown on earlier pages of this scroll. */
  position: number;
  seed: number;
}

export type Selector = (candidates: readonly ScoredCandidate[], selection: Selection) => ScoredCandidate[];

/** The first places belong to the user's taste alone (design: diversity after the first 20). */
export const uncappedPlaces = 20;
/** Share of the capped places of a page. */
export const capShares = { category: 0.3, creator: 0.2 } as const;
/** How much of a score a twin of the pin just before costs. */
const crowdingWeight = 0.25;
/** Likeness to a pin fades by this factor with each place in between. */
const crowdingDecay = 0.8;
/** Greedy selection costs places × candidates dot products: 4 ms for 25 × 1,200. Fewer would starve the caps of other categories. */
const maxContenders = 1_200;
/** Above this cosine two embeddings are of the same picture: int8 keeps two digits. */
const sameSimilarity = 0.9999;

interface Contender {
  candidate: ScoredCandidate;
  tieBreak: number;
  crowding: number;
}

export const selectDiverse: Selector = (candidates, selection) => {
  const left = contendersOf(candidates, selection);
  const page: ScoredCandidate[] = [];
  const caps = openCaps(selection);
  while (page.length < selection.size && left.length > 0) {
    const isCapped = selection.position + page.length >= uncappedPlaces;
    const best = bestOf(left, (candidate) => !isCapped || caps.admits(candidate));
    const [taken] = left.splice(best, 1);
    if (!taken) break;
    page.push(taken.candidate);
    if (isCapped) caps.count(taken.candidate);
    crowd(left, taken.candidate);
  }
  return page;
};

/** The best candidate of each pin, best first, bounded. */
function contendersOf(candidates: readonly ScoredCandidate[], { seed }: Selection): Contender[] {
  const ofPin = new Map<string, Contender>();
  for (const candidate of candidates) {
    const known = ofPin.get(candidate.pin.id);
    const contender = { candidate, tieBreak: hashOfId(`${seed}.${candidate.pin.id}`), crowding: 0 };
    if (!known || isBefore(candidate, known.candidate)) ofPin.set(candidate.pin.id, contender);
  }
  const best = [...ofPin.values()].toSorted(
    (a, b) => b.candidate.score - a.candidate.score || a.tieBreak - b.tieBreak || compareIds(a, b),
  );
  return best.slice(0, maxContenders);
}

/** Of one pin from two sources, the higher score; at a tie the reason that comes first by name. */
function isBefore(a: ScoredCandidate, b: ScoredCandidate): boolean {
  return a.score > b.score || (a.score === b.score && a.reason < b.reason);
}

function compareIds(a: Contender, b: Contender): number {
  return a.candidate.pin.id < b.candidate.pin.id ? -1 : 1;
}

/** The position of the best admitted contender; of the best at all when none is admitted. */
function bestOf(left: readonly Contender[], isAdmitted: (candidate: ScoredCandidate) => boolean): number {
  let best = 0;
  let bestValue = Number.NEGATIVE_INFINITY;
  let isBestAdmitted = false;
  left.forEach(({ candidate, crowding }, i) => {
    const value = candidate.score - crowdingWeight * crowding;
    const admitted = isAdmitted(candidate);
    if ((admitted && !isBestAdmitted) || (admitted === isBestAdmitted && value > bestValue)) {
      best = i;
      bestValue = value;
      isBestAdmitted = admitted;
    }
  });
  return best;
}

/** Tells those who are left how alike they are to the one just taken; drops those with the same picture. */
function crowd(left: Contender[], taken: ScoredCandidate): void {
  for (let i = left.length - 1; i >= 0; i--) {
    const contender = left[i];
    if (!contender) continue;
    const likeness = dot(contender.candidate.embedding, taken.embedding);
    if (likeness > sameSimilarity) left.splice(i, 1);
    else contender.crowding = Math.max(contender.crowding * crowdingDecay, likeness);
  }
}

/** How many of one category and one creator the capped places of this page take. */
function openCaps({ size, position }: Selection) {
  const capped = size - Math.max(0, Math.min(size, uncappedPlaces - position));
  const most = {
    category: Math.max(1, Math.floor(capped * capShares.category)),
    creator: Math.max(1, Math.floor(capped * capShares.creator)),
  };
  const counts = new Map<string, number>();
  const keysOf = ({ pin }: ScoredCandidate) => ({
    category: `category ${pin.category}`,
    creator: `user ${pin.userId}`,
  });
  return {
    admits(candidate: ScoredCandidate): boolean {
      const { category, creator } = keysOf(candidate);
      const isCategoryOpen = candidate.pin.category === null || (counts.get(category) ?? 0) < most.category;
      return isCategoryOpen && (counts.get(creator) ?? 0) < most.creator;
    },
    count(candidate: ScoredCandidate): void {
      for (const key of Object.values(keysOf(candidate))) counts.set(key, (counts.get(key) ?? 0) + 1);
    },
  };
}
