/**
 * Requests at a rate that does not wait for answers, as visitors do not: when a server falls behind, its answers get
 * late, and the lateness is seen. Latency counts from when a request was due, so a busy machine cannot hide it
 * (coordinated omission, https://www.scylladb.com/2021/04/22/on-coordinated-omission/).
 */
import { setTimeout as sleep } from "node:timers/promises";
import { percentile } from "../measures/percentile.ts";

export interface LoadFigures {
  /** Requests a second: wished for, and answered well from the first being due to the last answer. */
  rate: number;
  achievedRate: number;
  requests: number;
  /** Answers that were not 200, and requests without an answer, by status. */
  errors: Record<string, number>;
  /** Milliseconds of good answers, from when they were due. */
  p50: number;
  p99: number;
}

export interface Load {
  rate: number;
  seconds: number;
  /** The status of the nth request's answer, read to its end; 0 without an answer. */
  ask(n: number): Promise<number>;
}

export interface Clock {
  /** Milliseconds. */
  now(): number;
  sleep(millis: number): Promise<unknown>;
}

const realClock: Clock = { now: () => performance.now(), sleep: (millis) => sleep(millis) };

export async function drive({ rate, seconds, ask }: Load, clock: Clock = realClock): Promise<LoadFigures> {
  const requests = Math.max(1, Math.round(rate * seconds));
  const latencies: number[] = [];
  const errors: Record<string, number> = {};
  const startedAt = clock.now();
  const asked: Promise<void>[] = [];
  for (let n = 0; n < requests; n++) {
    const dueAt = startedAt + (n * 1000) / rate;
    const early = dueAt - clock.now();
    if (early > 0) await clock.sleep(early);
    asked.push(
      ask(n).then((status) => {
        if (status === 200) latencies.push(clock.now() - dueAt);
        else errors[status || "none"] = (errors[status || "none"] ?? 0) + 1;
      }),
    );
  }
  await Promise.all(asked);
  const elapsedSeconds = Math.max(seconds, (clock.now() - startedAt) / 1000);
  return {
    rate,
    achievedRate: latencies.length / elapsedSeconds,
    requests,
    errors,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}
