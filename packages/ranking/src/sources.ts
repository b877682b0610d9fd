/** Sources plan which fragments a page is composed of; loading them is the caller's. */
import type { FeedContext, FragmentRequest } from "./context.ts";

export type Source = (context: FeedContext) => FragmentRequest[];

/** Interests of the codebook on the first page: 800 candidates for 25 places, and eight fragments to load. */
export const firstInterests = 8;
/** Of the taste: more find nothing more, see `tasteInterestCountFor`. */
export const firstTasteInterests = 4;
/** Each further page opens one more, so that a scroll widens slowly: 32 after the 24 pages that a cursor can remember. */
export const interestsPerPage = 1;
/** When a page is not full, the next eight are opened at once. */
export const interestsPerWidening = 8;
/** More are open only where earlier ones ran dry, so the last opened matter. Bounds a page to 3,200 candidates. */
const maxInterestsPerPage = 32;
/** Followed users and boards take turns, ten a page. */
const followsPerPage = 10;
/** They add 1.5 % to full HR@10 (see `tasteInterestCountFor`), and can say `because`; five saves add no more. */
const savesPerPage = 2;
/** The nearest interests make the page; the others of it are welcome. */
const essentialTasteInterests = 2;
/** How many of the next interests stand in for those that are not made yet. */
const spareTasteInterests = 6;

export const tasteSource: Source = ({ tasteInterests, openInterests }) => {
  const opened = tasteInterests.slice(0, openInterests).slice(-maxInterestsPerPage);
  const spare = tasteInterests.slice(openInterests, openInterests + spareTasteInterests);
  const requestOf = (index: number, need: FragmentRequest["need"]) =>
    ({ source: "taste", id: String(index), weight: 0, need }) as const;
  return [
    ...opened.map((index, i) => requestOf(index, i < essentialTasteInterests ? "essential" : "welcome")),
    ...spare.map((index) => requestOf(index, "spare")),
  ];
};

export const neighbourSource: Source = ({ lastSaves }) =>
  lastSaves
    .slice(0, savesPerPage)
    .map(({ pinId }) => ({ source: "neighbours", id: pinId, weight: 0, need: "welcome" }));

/** By sight. With a taste learned from saves a smaller part of the page, and none where nothing saved has a picture. */
export const interestSource: Source = ({ interests, openInterests, blending, taste, tasteInterests }) => {
  const isDry = openInterests > tasteInterests.length;
  const bySight = taste.attractions.length > 0 || isDry ? Math.ceil(openInterests / 2) : 0;
  const opened = interests.slice(0, blending ? bySight : openInterests).slice(-maxInterestsPerPage);
  const essential = blending ? new Set<unknown>() : heavyOf(opened);
  return opened.map((interest) => ({
    source: "interest",
    id: String(interest.index),
    weight: interest.weight,
    need: essential.has(interest) || (blending && isDry) ? "essential" : "welcome",
  }));
};

export const trendingSource: Source = () => [{ source: "trending", id: "", weight: 0, need: "essential" }];

export const freshSource: Source = () => [{ source: "fresh", id: "", weight: 0, need: "essential" }];

export const followedSource: Source = ({ follows, page }) => {
  const start = follows.length <= followsPerPage ? 0 : (page * followsPerPage) % follows.length;
  return [...follows, ...follows]
    .slice(start, start + Math.min(followsPerPage, follows.length))
    .map((id) => ({ source: "followed", id, weight: 0, need: "essential" }));
};

/** One interest outside of the taste, another on every page: what nobody near the user has turned to yet. */
export const exploreSource: Source = ({ blending, tasteInterests, tasteInterestCount, seed, page }) => {
  if (!blending || tasteInterestCount <= tasteInterests.length) return [];
  const near = new Set(tasteInterests);
  let index = (seed + page * 7) % tasteInterestCount;
  while (near.has(index)) index = (index + 1) % tasteInterestCount;
  return [{ source: "explore", id: String(index), weight: 0, need: "welcome" }];
};

/** How many interests a page begins with: none without a taste, for then trending and fresh come first. */
export function interestsToOpen(context: Pick<FeedContext, "taste" | "blending" | "page">, openBefore: number): number {
  if (!context.blending && context.taste.attractions.length === 0) return openBefore;
  if (context.page > 0 && openBefore > 0) return openBefore + interestsPerPage;
  return context.blending ? firstTasteInterests : firstInterests;
}

/** How many there are to open. */
export function interestsThereAre({ blending, tasteInterests, interests }: FeedContext): number {
  return blending ? Math.max(tasteInterests.length, interests.length * 2) : interests.length;
}

/** Half of a taste makes its feed; what the rest adds is not worth waiting for the index. */
const essentialShare = 0.5;

/**
 * The heavier interests, whose weights sum up to half of the taste. Two users of like taste share their heavy interests and
 * differ in the light ones, so with these left out where they are cold, the second is answered from what the first one
 * warmed. Without a taste, nothing is light.
 */
function heavyOf<I extends { weight: number }>(interests: readonly I[]): Set<I> {
  const total = interests.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return new Set(interests);
  const heavy = new Set<I>();
  let covered = 0;
  for (const interest of interests.toSorted((a, b) => b.weight - a.weight)) {
    if (covered >= total * essentialShare) break;
    covered += interest.weight;
    heavy.add(interest);
  }
  return heavy;
}
