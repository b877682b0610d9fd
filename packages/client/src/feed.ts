import type { FeedPage, Region } from "@vitrine/contracts";
import type { CallOptions, Transport } from "./transport.ts";

export interface FeedOptions extends CallOptions {
  /** Pins a page, 1 to 100; the server's default is 25. */
  limit?: number | undefined;
  /** A back end asks for the region of its user; a browser leaves it out. */
  region?: Region | undefined;
}

export function feedOf(send: Transport) {
  const page = ({ limit, region, cursor, ...options }: FeedOptions & { cursor?: string | null | undefined } = {}) =>
    send<FeedPage>({ ...options, method: "GET", path: "/v1/feed", query: { limit, region, cursor } });

  return {
    /** One page. `cursor` is that of the page before; null or absent asks anew, and sees what was just saved. */
    page,

    /** All pages, one at a time: the next is asked for only when the loop comes back for it. */
    async *pages(options: FeedOptions = {}): AsyncGenerator<FeedPage, void, undefined> {
      let cursor: string | null = null;
      do {
        const next: FeedPage = await page({ ...options, cursor });
        yield next;
        cursor = next.cursor;
      } while (cursor !== null);
    },
  };
}
