import type { CreateSave, Save } from "@vitrine/contracts";
import type { CallOptions, Transport } from "./transport.ts";
import type { WireInput } from "./wire-input.ts";

export function savesOf(send: Transport) {
  return {
    /** Puts a pin on a board, by default the user's first. Saving what is saved changes nothing. */
    create: (save: WireInput<typeof CreateSave>, options: CallOptions = {}) =>
      send<Save>({ ...options, method: "POST", path: "/v1/saves", json: save, isRepeatable: true }),

    /** Takes a pin off a board, or off all boards of the user. */
    delete: (pinId: string, { boardId, ...options }: CallOptions & { boardId?: string } = {}) =>
      send<void>({ ...options, method: "DELETE", path: `/v1/saves/${pinId}`, query: { boardId } }),
  };
}
