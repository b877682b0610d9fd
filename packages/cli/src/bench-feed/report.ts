import { columns } from "../measures/columns.ts";
import type { BenchFeedOptions, BenchRun } from "./command.ts";
import type { BenchFigures, Latencies } from "./figures.ts";

const kinds = {
  warm: "feed, warm",
  cold: "feed, cold",
  coldFragments: "  for want of a fragment",
  save: "save",
  trivial: "OPTIONS /v1/feed",
} as const;

export function benchLines(
  runs: readonly BenchRun[],
  { rate, seconds, saves, newcomers, pins, users }: BenchFeedOptions,
): string[] {
  const head = ["ms from when due", "requests", "p50", "p99", "p99.9", "over trivial: p50", "p99"];
  return [
    `${rate} feeds a second for ${seconds} s, for each 100 of them ${saves} saves and ${newcomers} by who comes for the first time,` +
      ` ${pins} pins, ${users} users by Zipf's law (exponent 1).`,
    ...runs.flatMap(({ stack, figures }) => [
      "",
      ...columns([[`${stack}: ${head[0]}`, ...head.slice(1)], ...rowsOf(figures)]),
      ...costLines(figures),
    ]),
    "",
  ];
}

function rowsOf(figures: BenchFigures): string[][] {
  return Object.entries(kinds).map(([kind, name]) => {
    const latencies = figures[kind as keyof typeof kinds];
    return [name, String(latencies.count), ...millisOf(latencies), ...overTrivial(latencies, figures.trivial)];
  });
}

function millisOf({ count, p50, p99, p999 }: Latencies): string[] {
  return [p50, p99, p999].map((millis) => (count === 0 ? "–" : millis.toFixed(1)));
}

function overTrivial(latencies: Latencies, trivial: Latencies): string[] {
  if (latencies === trivial || latencies.count === 0) return ["–", "–"];
  return [latencies.p50 - trivial.p50, latencies.p99 - trivial.p99].map((millis) => millis.toFixed(1));
}

function costLines(figures: BenchFigures): string[] {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const counted = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([what, count]) => `${count} × ${what}`)
      .join(", ") || "none";
  return [
    `${figures.achievedRate.toFixed(1)} good feeds a second; errors: ${counted(figures.errors)}; left out: ${counted(figures.degraded)}`,
    `fragments: ${percent(figures.fragmentHitRate)} hit; pages without a call to the index: ${percent(figures.pagesWithoutIndex)}` +
      ` (second half: ${percent(figures.laterPagesWithoutIndex)}), to D1: ${percent(figures.pagesWithoutDatabase)};` +
      ` calls a page: ${figures.indexCallsPerPage.toFixed(2)} index, ${figures.databaseCallsPerPage.toFixed(2)} D1,` +
      ` and ${figures.fragmentsBehindPerPage.toFixed(2)} fragments behind the answer`,
  ];
}
