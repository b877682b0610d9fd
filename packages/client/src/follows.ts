import type { Follow, FollowPage } from "@vitrine/contracts";
import type { ListOptions } from "./paging.ts";
import type { CallOptions, Transport } from "./transport.ts";

export function followsOf(send: Transport) {
  return {
    /** Follows a user or a board; following again changes nothing. */
    create: (targetId: string, options: CallOptions = {}) =>
      send<Follow>({ ...options, method: "PUT", path: `/v1/follows/${targetId}` }),

    delete: (targetId: string, options: CallOptions = {}) =>
      send<void>({ ...options, method: "DELETE", path: `/v1/follows/${targetId}` }),

    /** Whom and what the caller follows, newest first. */
    list: ({ limit, cursor, ...options }: ListOptions & CallOptions = {}) =>
      send<FollowPage>({ ...options, method: "GET", path: "/v1/follows", query: { limit, cursor } }),
  };
}
