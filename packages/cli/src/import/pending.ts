/**
 * Follows uploaded pins until they are ready or failed: each second the list of what is provisional, and one look at
 * each pin that has left it. So pins that wait long, such as those of an import that was killed, hide nobody.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, VitrineError } from "@vitrine/client";
import { patiently } from "./patience.ts";
import { eachOf } from "./pool.ts";

const defaultPollMillis = 1_000;
/** How often an upload that has to wait looks whether it may go. */
const gateMillis = 100;
/** Looks at once: as many as there are uploads. */
const looksAtOnce = 6;
/** Longer than the jobs Worker takes to send a forgotten pin to the queue again. */
const patienceMillis = 5 * 60_000;

export interface Settled {
  label: string;
  pinId: string;
  /** The server's sentence when the picture could not be processed. */
  failure: string | null;
}

export interface PendingPins {
  add(pinId: string, label: string): void;
  /** Resolves when fewer than `count` are waited for: keeps the uploads from running far ahead. */
  belowCount(count: number): Promise<void>;
  /** Resolves when no more will come and all are settled, or nothing settled for five minutes; answers what is left. */
  finish(): Promise<number>;
}

export interface FollowOptions {
  /** Speaks as a service. */
  service: Client;
  signal: AbortSignal;
  pollMillis?: number | undefined;
  /** Called once a pin. */
  onSettled(pin: Settled): void;
}

/** Errors of the server end the waiting and are thrown by `finish`. */
export function followPins(options: FollowOptions): PendingPins {
  const { service, signal, pollMillis = defaultPollMillis, onSettled } = options;
  const pending = new Map<string, string>();
  let isLast = false;
  let settledAt = Date.now();
  const running = run();
  running.catch(() => {}); // Thrown by `finish`; until then it is nobody's.

  async function run(): Promise<number> {
    while (!(isLast && pending.size === 0)) {
      if (pending.size === 0) settledAt = Date.now();
      else await look();
      if (Date.now() - settledAt > patienceMillis) break;
      await sleep(pollMillis, undefined, { signal });
    }
    return pending.size;
  }

  async function look(): Promise<void> {
    const before = [...pending.keys()];
    const provisional = await provisionalPins(service, signal);
    const changed = before.filter((pinId) => !provisional.has(pinId));
    await eachOf(changed, looksAtOnce, async (pinId) => {
      const failure = await outcomeOf(service, pinId, signal);
      if (failure === undefined) return;
      settledAt = Date.now();
      onSettled({ pinId, label: pending.get(pinId) ?? "", failure });
      pending.delete(pinId);
    });
  }

  return {
    add: (pinId, label) => void pending.set(pinId, label),
    async belowCount(count) {
      let isOver = false;
      const stop = () => {
        isOver = true;
      };
      running.then(stop, stop);
      while (pending.size >= count && !isOver) await sleep(gateMillis, undefined, { signal });
    },
    finish() {
      isLast = true;
      return running;
    },
  };
}

async function provisionalPins(service: Client, signal: AbortSignal): Promise<Set<string>> {
  const ids = new Set<string>();
  let cursor: string | null = null;
  do {
    const page = await patiently(() => service.pins.list("provisional", { limit: 200, cursor, signal }), signal);
    for (const { id } of page.items) ids.add(id);
    cursor = page.cursor;
  } while (cursor !== null);
  return ids;
}

/** Null when the pin is ready, a sentence when it failed or is gone, undefined when it is provisional after all. */
async function outcomeOf(service: Client, pinId: string, signal: AbortSignal): Promise<string | null | undefined> {
  try {
    const { status, failure } = await patiently(() => service.pins.get(pinId, { signal }), signal);
    if (status === "provisional") return undefined;
    return status === "failed" ? (failure ?? "It could not be processed.") : null;
  } catch (error) {
    if (error instanceof VitrineError && error.status === 404) return "It was deleted while it was being prepared.";
    throw error;
  }
}
