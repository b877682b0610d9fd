/** Figures of requests at a rate that does not wait for answers. */
import { type Clock, keepPace, realClock } from "../measures/pace.ts";
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

export async function drive({ rate, seconds, ask }: Load, clock: Clock = realClock): Promise<LoadFigures> {
  const requests = Math.max(1, Math.round(rate * seconds));
  const latencies: number[] = [];
  const errors: Record<string, number> = {};
  const elapsedSeconds = await keepPace<number>(
    {
      dueMillis: Array.from({ length: requests }, (_, n) => (n * 1000) / rate),
      ask,
      onAnswer(status, latencyMillis) {
        if (status === 200) latencies.push(latencyMillis);
        else errors[status || "none"] = (errors[status || "none"] ?? 0) + 1;
      },
    },
    clock,
  );
  return {
    rate,
    achievedRate: latencies.length / Math.max(seconds, elapsedSeconds),
    requests,
    errors,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}
