/** Follows uploaded pins until they are ready or failed, with about one cheap request a pin. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "@vitrine/client";
import { patiently } from "./patience.ts";

const pollMillis = 400;
/** A look at the queue ends when this many were not ready yet: those behind them were uploaded later. */
const lateOnesALook = 8;
/** Asked for this often, a pin goes to the back, so that a few that are tried again hide nobody. */
const looksInFront = 20;
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

/** `onSettled` is called once a pin. Errors of the server end the waiting and are thrown by `finish`. */
export function followPins(client: Client, signal: AbortSignal, onSettled: (pin: Settled) => void): PendingPins {
  let queue: { pinId: string; label: string; looks: number }[] = [];
  let isLast = false;
  let settledAt = Date.now();
  const running = run();
  running.catch(() => {}); // Thrown by `finish`; until then it is nobody's.

  async function run(): Promise<number> {
    while (!(isLast && queue.length === 0)) {
      if (queue.length === 0) settledAt = Date.now();
      else await look();
      if (Date.now() - settledAt > patienceMillis) break;
      await sleep(pollMillis, undefined, { signal });
    }
    return queue.length;
  }

  /** Asks for the oldest first, which the server's queue has first too. */
  async function look(): Promise<void> {
    let late = 0;
    for (const pending of [...queue]) {
      if (late >= lateOnesALook) return;
      const pin = await patiently(() => client.pins.get(pending.pinId, { signal }), signal);
      const isLate = pin.status === "provisional";
      pending.looks++;
      if (!isLate || pending.looks % looksInFront === 0) queue = queue.filter((each) => each !== pending);
      if (isLate) {
        late++;
        if (!queue.includes(pending)) queue.push(pending);
      } else {
        settledAt = Date.now();
        onSettled({
          ...pending,
          failure: pin.status === "failed" ? (pin.failure ?? "It could not be processed.") : null,
        });
      }
    }
  }

  return {
    add: (pinId, label) => void queue.push({ pinId, label, looks: 0 }),
    async belowCount(count) {
      let isOver = false;
      const stop = () => {
        isOver = true;
      };
      running.then(stop, stop);
      while (queue.length >= count && !isOver) await sleep(pollMillis / 2, undefined, { signal });
    },
    finish() {
      isLast = true;
      return running;
    },
  };
}
