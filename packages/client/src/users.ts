import type { BoardPage, CreateUser, SavePage, User, UserPage } from "@vitrine/contracts";
import type { ListOptions } from "./paging.ts";
import type { CallOptions, Transport } from "./transport.ts";
import type { WireInput } from "./wire-input.ts";

export function usersOf(send: Transport) {
  return {
    /** Makes a user; a service's call. A handle that exists answers its user, unchanged. */
    create: (user: WireInput<typeof CreateUser>, options: CallOptions = {}) =>
      send<User>({ ...options, method: "POST", path: "/v1/users", json: user, isRepeatable: true }),

    /** All users, newest first. */
    list: ({ limit, cursor, ...options }: ListOptions & CallOptions = {}) =>
      send<UserPage>({ ...options, method: "GET", path: "/v1/users", query: { limit, cursor } }),

    /** By id or by handle. */
    get: (idOrHandle: string, options: CallOptions = {}) =>
      send<User>({ ...options, method: "GET", path: `/v1/users/${encodeURIComponent(idOrHandle)}` }),

    /** The boards of a user that the caller may see, newest first. */
    boards: (userId: string, { limit, cursor, ...options }: ListOptions & CallOptions = {}) =>
      send<BoardPage>({ ...options, method: "GET", path: `/v1/users/${userId}/boards`, query: { limit, cursor } }),

    /** What a user saved, with the pins, newest first. */
    saves: (userId: string, { limit, cursor, ...options }: ListOptions & CallOptions = {}) =>
      send<SavePage>({ ...options, method: "GET", path: `/v1/users/${userId}/saves`, query: { limit, cursor } }),
  };
}
