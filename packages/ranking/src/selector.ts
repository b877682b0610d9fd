/**
 * The selector takes candidates one by one, each time the best that is left. After the first places, which belong to
 * relevance alone, likeness to what stands just before costs (greedy maximal marginal relevance, Carbonell & Goldstein
 * 1998, over a sliding window), category and creator are capped, and some places are kept for what is new and for exploring.
 *
 * Guaranteed: no pin and no identical picture twice on a page; the same candidates, in any order, and the same seed
 * make the same page; where caps and kept places would leave places empty, they give way and not the page.
 */
import { dot } from "@vitrine/vectors";
import type { Candidate, ScoredCandidate } from "./candidate.ts";
import { openCaps } from "./caps.ts";

export interface Selection {
  /** Places on the page. */
  size: number;
  /** Pins shown on earlier pages of this scroll. */
  position: number;
  seed: number;
  /** Milliseconds since 1970. */
  now: number;
  /** Place of the scroll from which on likeness costs; 20 by default, for relevance is learned from there on down. */
  spacedFrom?: number | undefined;
  /** How much of a score a twin of the pin just before costs, 0..1. */
  crowdingWeight?: number | undefined;
  /** Share of the places after the first ones that are kept for new pins, 0..0.5. */
  freshShare?: number | undefined;
}

/** The candidates are of different pins. */
export type Selector = (candidates: readonly ScoredCandidate[], selection: Selection) => ScoredCandidate[];

/** The first places belong to the user's taste alone (design: diversity after the first 20). */
export const uncappedPlaces = 20;
/** Unless an experiment says otherwise. */
const usualCrowdingWeight = 0.25;
/** Likeness to a pin fades by this factor with each place in between: after ten, a tenth is left. */
const crowdingDecay = 0.8;
const crowdingWindow = 10;
/** Above this cosine two embeddings are of the same picture: int8 keeps two digits. */
const sameSimilarity = 0.9999;

/** After the first places, a tenth belong to new pins, which nobody has judged yet, and a twentieth to exploring. */
const usualFreshShare = 0.1;
/** Of every ten places the fifth, when it is one of ten. */
const placesBeforeFresh = 5;
const exploreEvery = { places: 20, at: 9 };
/** A pin is new for two days, or until ten have saved it: then it stands on its own. */
const newMillis = 48 * 3_600_000;
const newSaves = 10;

interface Contender {
  scored: ScoredCandidate;
  crowding: number;
  /** How many of the page `crowding` has taken into account. */
  crowdedBy: number;
}

export const selectDiverse: Selector = (candidates, selection) => {
  const { size, position, seed, spacedFrom = uncappedPlaces } = selection;
  const { crowdingWeight = usualCrowdingWeight, freshShare = usualFreshShare } = selection;
  const left = candidates
    .toSorted(
      (a, b) =>
        b.score - a.score || tieOf(a, seed) - tieOf(b, seed) || (a.candidate.pin.id < b.candidate.pin.id ? -1 : 1),
    )
    .map((scored): Contender => ({ scored, crowding: 0, crowdedBy: 0 }));
  const page: ScoredCandidate[] = [];
  const caps = openCaps({ size, position, uncappedPlaces });
  while (page.length < size && left.length > 0) {
    const place = position + page.length;
    const isCapped = place >= uncappedPlaces;
    const crowding = place >= spacedFrom ? crowdingWeight : 0;
    const kept = isCapped ? keptFor(place, freshShare) : null;
    const admits = (scored: ScoredCandidate) => !isCapped || caps.admits(scored);
    let at = kept
      ? bestOf(left, page, { crowding, admits: (scored) => isFor(kept, scored, selection) && admits(scored) })
      : -1;
    const isKept = at >= 0;
    if (at < 0) at = bestOf(left, page, { crowding, admits });
    if (at < 0) at = bestOf(left, page, { crowding, admits: () => true });
    const [taken] = left.splice(at, 1);
    if (!taken) break;
    if (isTwin(taken.scored.candidate, page)) continue;
    if (isCapped) caps.count(taken.scored);
    page.push(isKept && kept ? { ...taken.scored, reason: kept } : ofItself(taken.scored));
  }
  return page;
};

/** Whom the place is kept for. */
function keptFor(place: number, freshShare: number): "fresh" | "explore" | null {
  const perMille = Math.round(freshShare * 1_000); // whole numbers, so that a tenth is one of ten
  const freshUntil = (places: number) => Math.floor(((places + placesBeforeFresh) * perMille) / 1_000);
  if (freshUntil(place + 1) > freshUntil(place)) return "fresh";
  return place % exploreEvery.places === exploreEvery.at ? "explore" : null;
}

function isFor(
  kept: "fresh" | "explore",
  { isFresh, isExplored, reason, candidate }: ScoredCandidate,
  { now }: Selection,
) {
  if (kept === "explore") return isExplored && reason === "explore";
  return isFresh && candidate.saves < newSaves && candidate.createdAt > now - newMillis;
}

/** What exploring brought and its own score put there is of the taste after all. */
function ofItself(scored: ScoredCandidate): ScoredCandidate {
  if (scored.reason !== "explore") return scored;
  return { ...scored, reason: scored.candidate.taste ? "taste" : "interest" };
}

/** 0..2³², another order for every seed. */
function tieOf({ candidate }: ScoredCandidate, seed: number): number {
  return Math.imul(candidate.hash ^ seed, 0x9e3779b1) >>> 0;
}

/** The position of the best admitted contender, −1 when none is. `left` is sorted, so few have to be looked at. */
function bestOf(
  left: readonly Contender[],
  page: readonly ScoredCandidate[],
  { crowding, admits }: { crowding: number; admits: (scored: ScoredCandidate) => boolean },
): number {
  let best = -1;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < left.length; i++) {
    const contender = left[i];
    if (!contender) continue;
    if (contender.scored.score <= bestValue) break; // crowding only takes away
    if (!admits(contender.scored)) continue;
    const enough = crowding > 0 ? (contender.scored.score - bestValue) / crowding : 0;
    const value = contender.scored.score - (crowding > 0 ? crowding * crowdingOf(contender, page, enough) : 0);
    if (value <= bestValue) continue;
    best = i;
    bestValue = value;
  }
  return best;
}

/**
 * 0..1: likeness to the nearest of the pins just before, each place in between counted. What is known to come to `enough`
 * is not looked at further, and told as it is so far: at least `enough`. The rest is looked at when it matters.
 */
function crowdingOf(contender: Contender, page: readonly ScoredCandidate[], enough: number): number {
  const from = Math.max(contender.crowdedBy, page.length - crowdingWindow);
  contender.crowding *= crowdingDecay ** (from - contender.crowdedBy);
  contender.crowdedBy = from;
  for (let i = from; i < page.length; i++) {
    // What is left of it at the end of the page, whatever stands in between.
    const atLeast = contender.crowding * crowdingDecay ** (page.length - i);
    if (atLeast >= enough) return atLeast;
    const other = page[i]?.candidate ?? contender.scored.candidate;
    contender.crowding = Math.max(contender.crowding * crowdingDecay, similarity(contender.scored.candidate, other));
    contender.crowdedBy = i + 1;
  }
  return contender.crowding;
}

/** Cosine, by sight where both have a picture, else of the collaborative vectors, else 0. */
function similarity(a: Candidate, b: Candidate): number {
  if (a.embedding.length > 0 && b.embedding.length > 0) return dot(a.embedding, b.embedding);
  if (!a.taste || !b.taste || a.tasteLength === 0 || b.tasteLength === 0) return 0;
  return dotOfInt8(a.taste.values, b.taste.values) / (a.tasteLength * b.tasteLength);
}

/** As `dot`, which has seen both kinds of arrays and is slower for it. */
function dotOfInt8(a: Int8Array, b: Int8Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] ?? 0) * (b[d] ?? 0);
  return sum;
}

function isTwin({ embedding }: Candidate, page: readonly ScoredCandidate[]): boolean {
  if (embedding.length === 0) return false;
  return page.some(({ candidate }) => dot(embedding, candidate.embedding) > sameSimilarity);
}
