/**
 * Pins related to a pin: what people keep on the same boards, and what looks like it.
 *
 * After Pixie (Eksombatchai et al. 2018): walks from the query pin, biased to boards that took it in last; visits are
 * counted and corrected by how common a pin is; and with a board as context its pins are query pins too, where what
 * several of them lead to is boosted. Pixie draws its walks; the few hundred boards around one pin are counted in full.
 *
 * On Pinterest's saves, one save of a user and another to be found among 50: popularity .031, co-occurrence .160, this
 * walk over 200 boards .171; with ten more saves of the user as the board, boosted, .236. docs/personalisation.md has all.
 */
import { dot } from "@vitrine/vectors";

/** How much a pin's saves are held against it: found best of .3, .5 and .7. */
const commonness = 0.3;
/** Boards from which on half of the co-saves' word counts: below, one board's whim would push what looks alike out. */
const boardsOfHalfConfidence = 10;
/** What likeness to the pin, and to the board, can add to the co-saves' word, which is 1 at most. */
const likenessWeight = 0.3;
const contextLikenessWeight = 0.1;

/** What a walk from one query pin found. */
export interface Visit<Id> {
  seed: Id;
  pinId: Id;
  /** Σ over boards of 1 / pins on the board. */
  weight: number;
  /** Boards walked over. */
  boards: number;
  saves: number;
}

/** A share of a seed's walk for every pin it leads to: all shares of a seed sum to 1. */
export type WalkShares<Id> = Map<Id, Map<Id, number>>;

export function sharesOf<Id>(visits: readonly Visit<Id>[]): WalkShares<Id> {
  const shares: WalkShares<Id> = new Map();
  for (const { seed, pinId, weight, saves } of visits) {
    const found = shares.get(seed) ?? new Map<Id, number>();
    shares.set(seed, found.set(pinId, (found.get(pinId) ?? 0) + weight / Math.max(1, saves) ** commonness));
  }
  for (const found of shares.values()) scaleToOne(found);
  return shares;
}

/** A seed's shares from two sources, of which either may lack the seed. */
export function meanShares<Id>(one: WalkShares<Id>, other: WalkShares<Id>): WalkShares<Id> {
  const mean: WalkShares<Id> = new Map();
  for (const shares of [one, other]) {
    for (const [seed, found] of shares) {
      const sum = mean.get(seed) ?? new Map<Id, number>();
      for (const [pinId, share] of found) sum.set(pinId, (sum.get(pinId) ?? 0) + share);
      mean.set(seed, sum);
    }
  }
  for (const found of mean.values()) scaleToOne(found);
  return mean;
}

/** (Σ √(w · share))² over the seeds: two that lead to a pin count for more than their sum. Highest is 1. */
export function boosted<Id>(shares: WalkShares<Id>, weightOf: (seed: Id) => number): Map<Id, number> {
  const roots = new Map<Id, number>();
  for (const [seed, found] of shares) {
    for (const [pinId, share] of found) {
      roots.set(pinId, (roots.get(pinId) ?? 0) + Math.sqrt(weightOf(seed) * share));
    }
  }
  const highest = [...roots.values()].reduce((most, root) => Math.max(most, root), 0);
  return new Map([...roots].map(([pinId, root]) => [pinId, (root / highest) ** 2]));
}

function scaleToOne<Id>(found: Map<Id, number>): void {
  let total = 0;
  for (const weight of found.values()) total += weight;
  if (total > 0) for (const [pinId, weight] of found) found.set(pinId, weight / total);
}

export interface RelatedEvidence {
  /** Of `boosted`; 0 for a pin that no walk found. */
  coSaved: number;
  /** Boards that the walk went over, or saves that the model learned from. */
  boards: number;
  /** Cosines; 0 where there is no picture. */
  likeness: number;
  contextLikeness: number;
}

/** 0..1.4, and the part of it that is the co-saves'. */
export function relatedScore({ coSaved, boards, likeness, contextLikeness }: RelatedEvidence): {
  score: number;
  fromSaves: number;
} {
  const fromSaves = coSaved * (boards / (boards + boardsOfHalfConfidence));
  const alike = likenessWeight * Math.max(0, likeness) + contextLikenessWeight * Math.max(0, contextLikeness);
  return { score: fromSaves + alike, fromSaves };
}

/** What a twin of the pin just before costs, and how that fades with each place in between: as in the feed. */
const crowdingShare = 0.25;
const crowdingDecay = 0.8;
/** Above this cosine two embeddings are of the same picture: int8 keeps two digits. */
const sameSimilarity = 0.9999;

/**
 * Best first, after a soft penalty for likeness to what stands just before (Carbonell & Goldstein 1998); the same picture
 * once, and none that is `origin`'s. Time grows with size × candidates.
 */
export function spaced<C extends { score: number; embedding: Float32Array }>(
  candidates: readonly C[],
  { origin, size }: { origin: Float32Array; size: number },
): C[] {
  const left = candidates
    .filter(({ embedding }) => dot(embedding, origin) <= sameSimilarity)
    .map((candidate) => ({ candidate, crowding: 0 }));
  const page: C[] = [];
  while (page.length < size && left.length > 0) {
    let best = 0;
    let bestValue = Number.NEGATIVE_INFINITY;
    left.forEach(({ candidate, crowding }, i) => {
      const value = candidate.score * (1 - crowdingShare * crowding);
      if (value > bestValue) [best, bestValue] = [i, value];
    });
    const [taken] = left.splice(best, 1);
    if (!taken) break;
    page.push(taken.candidate);
    for (let i = left.length - 1; i >= 0; i--) {
      const contender = left[i];
      if (!contender) continue;
      const likeness = dot(contender.candidate.embedding, taken.candidate.embedding);
      if (likeness > sameSimilarity) left.splice(i, 1);
      else contender.crowding = Math.max(contender.crowding * crowdingDecay, likeness);
    }
  }
  return page;
}
