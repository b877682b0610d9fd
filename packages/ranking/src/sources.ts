/** Sources plan which fragments a page is composed of; loading them is the caller's. */
import type { FeedContext, FragmentRequest } from "./context.ts";

export type Source = (context: FeedContext) => FragmentRequest[];

/** Interests of the first page: 800 candidates for 25 places, and eight fragments to load. */
export const firstInterests = 8;
/** Each further page opens some more, so that a scroll widens slowly. */
export const interestsPerPage = 2;
/** When a page is not full, the next eight are opened at once. */
export const interestsPerWidening = 8;
/** The newest of the open interests: what earlier ones had to give stood on earlier pages. Bounds a page to 2,400 candidates. */
const maxInterestsPerPage = 24;
/** Followed users and boards take turns, ten a page. */
const followsPerPage = 10;

export const interestSource: Source = ({ interests, openInterests }) =>
  interests
    .slice(0, openInterests)
    .slice(-maxInterestsPerPage)
    .map(({ index }) => ({ source: "interest", id: String(index) }));

export const trendingSource: Source = () => [{ source: "trending", id: "" }];

export const freshSource: Source = () => [{ source: "fresh", id: "" }];

export const followedSource: Source = ({ follows, page }) => {
  if (follows.length <= followsPerPage) return follows.map((id) => ({ source: "followed", id }));
  const start = (page * followsPerPage) % follows.length;
  return [...follows, ...follows].slice(start, start + followsPerPage).map((id) => ({ source: "followed", id }));
};

/** How many interests a page begins with: none without a taste, for then trending and fresh come first. */
export function interestsToOpen(context: Pick<FeedContext, "taste" | "page">, openBefore: number): number {
  if (context.taste.attractions.length === 0) return openBefore;
  return context.page === 0 ? firstInterests : openBefore + interestsPerPage;
}
