import type { RankCandidates, RankedPins, Region } from "@vitrine/contracts";
import type { CallOptions, Transport } from "./transport.ts";
import type { WireInput } from "./wire-input.ts";

/** Puts up to 500 pins in the order that a user would like; `userId` is a service's word, others rank for themselves. */
export function rankOf(send: Transport) {
  return (candidates: WireInput<typeof RankCandidates>, { region, ...options }: RankOptions = {}) =>
    send<RankedPins>({
      ...options,
      method: "POST",
      path: "/v1/rank",
      query: { region },
      json: candidates,
      isRepeatable: true,
    });
}

export interface RankOptions extends CallOptions {
  /** Where the user is, when a back end asks. */
  region?: Region | undefined;
}
