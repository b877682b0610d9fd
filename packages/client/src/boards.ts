import type { Board, CreateBoard, PinPage, UpdateBoard } from "@vitrine/contracts";
import type { ListOptions } from "./paging.ts";
import type { CallOptions, Transport } from "./transport.ts";
import type { WireInput } from "./wire-input.ts";

export function boardsOf(send: Transport) {
  return {
    /** Makes a board, public unless `visibility` says otherwise. Not repeated on failure: a second board could come of it. */
    create: (board: WireInput<typeof CreateBoard>, options: CallOptions = {}) =>
      send<Board>({ ...options, method: "POST", path: "/v1/boards", json: board }),

    get: (boardId: string, options: CallOptions = {}) =>
      send<Board>({ ...options, method: "GET", path: `/v1/boards/${boardId}` }),

    update: (boardId: string, changes: WireInput<typeof UpdateBoard>, options: CallOptions = {}) =>
      send<Board>({ ...options, method: "PATCH", path: `/v1/boards/${boardId}`, json: changes }),

    /** Takes the board and its pins away. */
    delete: (boardId: string, options: CallOptions = {}) =>
      send<void>({ ...options, method: "DELETE", path: `/v1/boards/${boardId}` }),

    /** The pins of a board, newest first. */
    pins: (boardId: string, { limit, cursor, ...options }: ListOptions & CallOptions = {}) =>
      send<PinPage>({ ...options, method: "GET", path: `/v1/boards/${boardId}/pins`, query: { limit, cursor } }),

    addCollaborator: (boardId: string, userId: string, options: CallOptions = {}) =>
      send<void>({ ...options, method: "PUT", path: `/v1/boards/${boardId}/collaborators/${userId}` }),

    removeCollaborator: (boardId: string, userId: string, options: CallOptions = {}) =>
      send<void>({ ...options, method: "DELETE", path: `/v1/boards/${boardId}/collaborators/${userId}` }),
  };
}
