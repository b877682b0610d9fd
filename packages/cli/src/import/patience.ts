import { setTimeout as sleep } from "node:timers/promises";
import { VitrineError } from "@vitrine/client";

/** With the client's own three tries: about a minute and a half, as long as a restart of a server takes. */
const maxRounds = 8;
const firstPauseMillis = 500;
const maxPauseMillis = 20_000;

const passing = new Set<string>(["network", "timeout", "unavailable", "too-many-requests"]);

/** Tries again, with growing pauses, what failed by network, overload or restart. Other errors are thrown at once. */
export async function patiently<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let round = 1; ; round++) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof VitrineError) || !passing.has(error.code) || round >= maxRounds) throw error;
      const pause = Math.min(maxPauseMillis, firstPauseMillis * 2 ** (round - 1));
      await sleep((error.retryAfterSeconds ?? 0) * 1000 + pause, undefined, signal ? { signal } : {});
    }
  }
}
