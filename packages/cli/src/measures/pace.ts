/**
 * Requests that go out when they are due, whether or not earlier ones are answered, as visitors do not wait for each
 * other: when a server falls behind, its answers get late, and the lateness is seen (coordinated omission,
 * https://www.scylladb.com/2021/04/22/on-coordinated-omission/).
 */
import { setTimeout as sleep } from "node:timers/promises";

export interface Clock {
  /** Milliseconds. */
  now(): number;
  sleep(millis: number): Promise<unknown>;
}

export const realClock: Clock = { now: () => performance.now(), sleep: (millis) => sleep(millis) };

export interface Pace<Outcome> {
  /** When each request is due, in milliseconds from the start, ascending. */
  dueMillis: readonly number[];
  ask(n: number): Promise<Outcome>;
  /** Told when an answer came or a request failed; the latency counts from when the request was due. */
  onAnswer(outcome: Outcome, latencyMillis: number, n: number): void;
}

/** Answers seconds from the start to the last answer. */
export async function keepPace<Outcome>({ dueMillis, ask, onAnswer }: Pace<Outcome>, clock: Clock = realClock) {
  const startedAt = clock.now();
  const asked: Promise<void>[] = [];
  for (const [n, due] of dueMillis.entries()) {
    const dueAt = startedAt + due;
    const early = dueAt - clock.now();
    if (early > 0) await clock.sleep(early);
    asked.push(ask(n).then((outcome) => onAnswer(outcome, clock.now() - dueAt, n)));
  }
  await Promise.all(asked);
  return (clock.now() - startedAt) / 1000;
}
