import type { Board, CreateUser, Save, User } from "@vitrine/contracts";
import type { ListOptions, Page } from "./paging.ts";
import type { CallOptions, Transport } from "./transport.ts";
import type { WireInput } from "./wire-input.ts";

export function usersOf(send: Transport) {
  return {
    /** Makes a user; a service's call. A handle that is taken throws `conflict`. */
    create: (user: WireInput<typeof CreateUser>, options: CallOptions = {}) =>
      send<User>({ ...options, method: "POST", path: "/v1/users", json: user }),

    /** By id or by handle. */
    get: (idOrHandle: string, options: CallOptions = {}) =>
      send<User>({ ...options, method: "GET", path: `/v1/users/${encodeURIComponent(idOrHandle)}` }),

    /** The boards of a user that the caller may see, newest first. */
    boards: (userId: string, { limit, cursor, ...options }: ListOptions & CallOptions = {}) =>
      send<Page<Board>>({ ...options, method: "GET", path: `/v1/users/${userId}/boards`, query: { limit, cursor } }),

    /** What a user saved, newest first. */
    saves: (userId: string, { limit, cursor, ...options }: ListOptions & CallOptions = {}) =>
      send<Page<Save>>({ ...options, method: "GET", path: `/v1/users/${userId}/saves`, query: { limit, cursor } }),
  };
}
