import type { EventBatch, EventReceipt, Region } from "@vitrine/contracts";
import type { CallOptions, Transport } from "./transport.ts";
import type { WireInput } from "./wire-input.ts";

export interface EventOptions extends CallOptions {
  /** A back end reports for the region of its user; a browser leaves it out. */
  region?: Region;
}

export function eventsOf(send: Transport) {
  return {
    /** Reports 1 to 500 events. An id counts once, so sending a batch again does no harm. */
    send: (events: WireInput<typeof EventBatch>["events"], { region, ...options }: EventOptions = {}) =>
      send<EventReceipt>({
        ...options,
        method: "POST",
        path: "/v1/events",
        query: { region },
        json: { events },
        isRepeatable: true,
      }),
  };
}
