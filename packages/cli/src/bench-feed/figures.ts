/** Latencies by what they are of, and what the pages cost. */
import { percentile } from "../measures/percentile.ts";
import type { FeedCost } from "./server-timing.ts";

export interface Latencies {
  count: number;
  /** Milliseconds from when the requests were due. */
  p50: number;
  p99: number;
  p999: number;
}

export interface BenchFigures {
  /** Everything was in memory, in the data centre or in KV. */
  warm: Latencies;
  /** Waited for the index or the database; and those of them that waited for a fragment to be made. */
  cold: Latencies;
  coldFragments: Latencies;
  save: Latencies;
  trivial: Latencies;
  /** By kind and status; `none` for no answer. */
  errors: Record<string, number>;
  /** Answers that had to leave something out, by what. */
  degraded: Record<string, number>;
  /** Of all fragments that were asked for. */
  fragmentHitRate: number;
  /** Of all pages, and of those of the second half of the run. */
  pagesWithoutIndex: number;
  laterPagesWithoutIndex: number;
  pagesWithoutDatabase: number;
  indexCallsPerPage: number;
  databaseCallsPerPage: number;
  /** Fetched or made after the answer; no page waits for them, but the machine works. */
  fragmentsBehindPerPage: number;
  /** Good feeds a second. */
  achievedRate: number;
}

export interface PageSample {
  latencyMillis: number;
  cost: FeedCost;
  isLater: boolean;
}

export interface Samples {
  pages: PageSample[];
  saves: number[];
  trivial: number[];
  errors: Record<string, number>;
  degraded: Record<string, number>;
  seconds: number;
}

export function figuresOf({ pages, saves, trivial, errors, degraded, seconds }: Samples): BenchFigures {
  const sum = (of: (cost: FeedCost) => number) => pages.reduce((total, { cost }) => total + of(cost), 0);
  const hits = sum(({ fragmentHits }) => fragmentHits);
  const latenciesWhere = (is: (cost: FeedCost) => boolean) =>
    latenciesOf(pages.flatMap(({ cost, latencyMillis }) => (is(cost) ? latencyMillis : [])));
  return {
    warm: latenciesWhere((cost) => !isCold(cost)),
    cold: latenciesWhere(isCold),
    coldFragments: latenciesWhere(({ fragmentMisses }) => fragmentMisses > 0),
    save: latenciesOf(saves),
    trivial: latenciesOf(trivial),
    errors,
    degraded,
    fragmentHitRate: hits / Math.max(1, hits + sum(({ fragmentMisses }) => fragmentMisses)),
    pagesWithoutIndex: shareOf(pages, ({ cost }) => cost.indexCalls === 0),
    laterPagesWithoutIndex: shareOf(
      pages.filter(({ isLater }) => isLater),
      ({ cost }) => cost.indexCalls === 0,
    ),
    pagesWithoutDatabase: shareOf(pages, ({ cost }) => cost.databaseCalls === 0),
    indexCallsPerPage: sum(({ indexCalls }) => indexCalls) / Math.max(1, pages.length),
    databaseCallsPerPage: sum(({ databaseCalls }) => databaseCalls) / Math.max(1, pages.length),
    fragmentsBehindPerPage: sum(({ fragmentsBehind }) => fragmentsBehind) / Math.max(1, pages.length),
    achievedRate: pages.length / seconds,
  };
}

function isCold({ indexCalls, databaseCalls, fragmentMisses }: FeedCost): boolean {
  return indexCalls + databaseCalls + fragmentMisses > 0;
}

function latenciesOf(millis: readonly number[]): Latencies {
  const at = (share: number) => percentile(millis, share);
  return { count: millis.length, p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}

function shareOf<T>(items: readonly T[], is: (item: T) => boolean): number {
  return items.length === 0 ? Number.NaN : items.filter(is).length / items.length;
}
