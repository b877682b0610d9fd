/** The feed as it hangs: pages of the API, with what was just exchanged marked. */

import type { InfiniteData } from "@tanstack/react-query";
import type { FeedItem, FeedPage } from "@vitrine/contracts";

export interface WallItem extends FeedItem {
  /** Came with the last re-hanging; marked gently. */
  isArrival?: boolean;
}

export interface WallPage extends Omit<FeedPage, "items"> {
  items: WallItem[];
}

export type Wall = InfiniteData<WallPage>;

/** Every pin once: a feed that was asked for anew may show again what a page before it held. */
export function wallItems(wall: Wall | undefined, hidden: ReadonlySet<string>): WallItem[] {
  const seen = new Set<string>(hidden);
  return (wall?.pages ?? [])
    .flatMap((page) => page.items)
    .filter(({ pin }) => {
      if (seen.has(pin.id)) return false;
      seen.add(pin.id);
      return true;
    });
}

/**
 * Hangs the wall anew from behind a pin on: it and everything before it stay where they are, so that nothing jumps
 * under the visitor's eyes, and the fresh page follows. A pin that is not on the wall keeps nothing.
 */
export function rehang(wall: Wall, behind: string, fresh: FeedPage): Wall {
  const before = wallItems(wall, nothing);
  const known = new Set<string>(before.map(({ pin }) => pin.id));
  const kept = before.slice(0, before.findIndex(({ pin }) => pin.id === behind) + 1).map(withoutMark);
  const keptIds = new Set<string>(kept.map(({ pin }) => pin.id));
  const items = fresh.items
    .filter(({ pin }) => !keptIds.has(pin.id))
    .map((item) => (known.has(item.pin.id) ? item : { ...item, isArrival: true }));
  const pages = [
    { ...fresh, items: kept },
    { ...fresh, items },
  ];
  return { pages, pageParams: [null, null] };
}

/** Whether two walls differ as far as both reach. */
export function hangsOtherwise(before: Wall, after: Wall): boolean {
  const former = wallItems(before, nothing);
  return wallItems(after, nothing).some(({ pin }, place) => former[place] && former[place].pin.id !== pin.id);
}

const nothing: ReadonlySet<string> = new Set();

function withoutMark({ pin, reason, score }: WallItem): WallItem {
  return { pin, reason, score };
}
