/** Sources plan which fragments a page is composed of; loading them is the caller's. */
import type { FeedContext, FragmentRequest } from "./context.ts";

export type Source = (context: FeedContext) => FragmentRequest[];

/** Interests of the first page: 800 candidates for 25 places, and eight fragments to load. */
export const firstInterests = 8;
/** Each further page opens one more, so that a scroll widens slowly: 32 after the 24 pages that a cursor can remember. */
export const interestsPerPage = 1;
/** When a page is not full, the next eight are opened at once. */
export const interestsPerWidening = 8;
/** More are open only where earlier ones ran dry, so the last opened matter. Bounds a page to 3,200 candidates. */
const maxInterestsPerPage = 32;
/** Followed users and boards take turns, ten a page. */
const followsPerPage = 10;

export const interestSource: Source = ({ interests, openInterests }) =>
  interests
    .slice(0, openInterests)
    .slice(-maxInterestsPerPage)
    .map(({ index, weight }) => ({ source: "interest", id: String(index), weight }));

export const trendingSource: Source = () => [{ source: "trending", id: "", weight: 0 }];

export const freshSource: Source = () => [{ source: "fresh", id: "", weight: 0 }];

export const followedSource: Source = ({ follows, page }) => {
  if (follows.length <= followsPerPage) return follows.map((id) => ({ source: "followed", id, weight: 0 }));
  const start = (page * followsPerPage) % follows.length;
  return [...follows, ...follows]
    .slice(start, start + followsPerPage)
    .map((id) => ({ source: "followed", id, weight: 0 }));
};

/** How many interests a page begins with: none without a taste, for then trending and fresh come first. */
export function interestsToOpen(context: Pick<FeedContext, "taste" | "page">, openBefore: number): number {
  if (context.taste.attractions.length === 0) return openBefore;
  return context.page === 0 ? firstInterests : openBefore + interestsPerPage;
}

/** Half of a taste makes its feed; what the rest adds is not worth waiting for the index. */
const essentialShare = 0.5;

/**
 * The fragments that a page cannot do without: all but the lighter interests, whose weights sum up to half of the taste.
 * Two users of like taste share their heavy interests and differ in the light ones, so with these left out where they are
 * cold, the second is answered from what the first one warmed. Without a taste, nothing is light.
 */
export function essentialFragments(requests: readonly FragmentRequest[]): Set<FragmentRequest> {
  const total = requests.reduce((sum, { weight }) => sum + weight, 0);
  const heaviestFirst = requests.toSorted((a, b) => b.weight - a.weight);
  const essential = new Set(requests.filter(({ source }) => source !== "interest" || total === 0));
  let covered = 0;
  for (const request of heaviestFirst) {
    if (covered >= total * essentialShare) break;
    covered += request.weight;
    essential.add(request);
  }
  return essential;
}
