/**
 * The first page of the feed, by when it knows of what was just done. That is remembered by the region's store, which a
 * page waits for no longer than its deadline: then it is made without, and says so in `degraded`.
 */
import type { Client } from "@vitrine/client";
import type { FeedPage } from "@vitrine/contracts";

/** How a page says that the region's store was late (`workers/edge/feed/user-state.ts`). */
const lateStore = "recent-actions";

/** Between the asks: threefold, five seconds in all. A store that is busy for longer is not helped by more of them. */
export const pausesMillis = [400, 1_200, 3_600];

export interface Asking {
  limit: number;
  /** False ends the asking: somebody else looks by now, or a later save asks for itself. */
  isWanted(): boolean;
  wait(millis: number): Promise<void>;
  /** In [0, 1); lengthens a pause by up to half, so that all who were late together do not come back together. */
  random(): number;
}

/**
 * Asks until a page knows, but once more than there are pauses at most; then answers the latest it got. Null when
 * there was none, or nobody wants it any more.
 */
export async function knowingPage(
  feed: Pick<Client["feed"], "page">,
  { limit, isWanted, wait, random }: Asking,
): Promise<FeedPage | null> {
  let latest: FeedPage | null = null;
  for (const millis of [0, ...pausesMillis]) {
    if (millis > 0) await wait(millis * (1 + random() / 2));
    if (!isWanted()) return null;
    const page = await feed.page({ limit }).catch(() => null);
    if (!isWanted()) return null;
    // The client has tried again by itself: what fails now is down, not late.
    if (page === null) return latest;
    latest = page;
    if (!page.degraded.includes(lateStore)) return page;
  }
  return latest;
}
