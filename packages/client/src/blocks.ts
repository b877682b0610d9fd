import type { Block, BlockPage } from "@vitrine/contracts";
import type { ListOptions } from "./paging.ts";
import type { CallOptions, Transport } from "./transport.ts";

export function blocksOf(send: Transport) {
  return {
    /** Keeps a user's pins out of the caller's feeds, from the next page on; blocking again changes nothing. */
    create: (userId: string, options: CallOptions = {}) =>
      send<Block>({ ...options, method: "PUT", path: `/v1/users/${userId}/block` }),

    delete: (userId: string, options: CallOptions = {}) =>
      send<void>({ ...options, method: "DELETE", path: `/v1/users/${userId}/block` }),

    /** Whom the caller blocks, newest first. */
    list: ({ limit, cursor, ...options }: ListOptions & CallOptions = {}) =>
      send<BlockPage>({ ...options, method: "GET", path: "/v1/blocks", query: { limit, cursor } }),
  };
}
