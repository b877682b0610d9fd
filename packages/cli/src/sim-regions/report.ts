/** What a simulation saw, and whether that is what Vitrine promises. */
import type { Region } from "@vitrine/contracts";
import { columns } from "../measures/columns.ts";
import { percentile } from "../measures/percentile.ts";

/** The promise: with 5 % of messages lost, a save is known in another region within this, at the 99th percentile. */
export const promisedMillis = 10_000;

/** One save: where it was made, and what each region's feeds said of it. */
export interface Observation {
  from: Region;
  /** Whether the next page of its own region knew. */
  isInNextPage: boolean;
  /** Milliseconds from the answer to the save until a page of the other region knew; infinite when none ever did. */
  seenAfter: { to: Region; millis: number }[];
}

/** What lay in the databases when all was quiet. */
export interface Remains {
  /** Messages that no consumer had confirmed. */
  inOutboxes: number;
  /** Saves that D1 counted. */
  counted: number;
  /** What trending holds of them, in saves: more than the saves is counting twice. */
  inTrending: number;
  /** Saves that each region's store keeps; a store that nobody told is not among them. */
  inStores: number[];
}

export interface Report {
  saves: number;
  pairs: { from: Region; to: Region; saves: number; p50: number; p90: number; p99: number; max: number }[];
  /** Over all pairs. */
  p99: number;
  inNextPage: number;
  lost: number;
  countedTwice: number;
  inOutboxes: number;
  /** One sentence for each broken promise. */
  failures: string[];
}

/** `regionCount`: how many stores there should be. */
export function reportOf(observations: readonly Observation[], remains: Remains, regionCount: number): Report {
  const saves = observations.length;
  const pairs = Map.groupBy(
    observations.flatMap(({ from, seenAfter }) => seenAfter.map((seen) => ({ from, ...seen }))),
    ({ from, to }) => `${from} ${to}`,
  );
  const all = observations.flatMap(({ seenAfter }) => seenAfter.map(({ millis }) => millis));
  const stores = remains.inStores.length < regionCount ? [0, ...remains.inStores] : remains.inStores;
  const report = {
    saves,
    pairs: [...pairs.values()].map((seen) => pairOf(seen)),
    p99: percentile(all, 0.99),
    inNextPage: observations.filter(({ isInNextPage }) => isInNextPage).length,
    lost: saves - Math.min(saves, remains.counted, remains.inTrending, ...stores),
    countedTwice: Math.max(0, remains.counted - saves, remains.inTrending - saves),
    inOutboxes: remains.inOutboxes,
  };
  return { ...report, failures: failuresOf(report) };
}

function pairOf(seen: readonly { from: Region; to: Region; millis: number }[]): Report["pairs"][number] {
  const [first] = seen;
  if (!first) throw new RangeError("a pair of regions has seen at least one save");
  const millis = seen.map((each) => each.millis);
  const [p50 = 0, p90 = 0, p99 = 0, max = 0] = [0.5, 0.9, 0.99, 1].map((share) => percentile(millis, share));
  return { from: first.from, to: first.to, saves: seen.length, p50, p90, p99, max };
}

function failuresOf({ saves, inNextPage, p99, lost, countedTwice, inOutboxes }: Omit<Report, "failures">): string[] {
  const failures: string[] = [];
  if (inNextPage < saves) failures.push(`${saves - inNextPage} saves were not in the next page of their own region.`);
  if (!(p99 <= promisedMillis)) failures.push(`The 99th percentile is over ${promisedMillis / 1000} s.`);
  if (lost > 0) failures.push(`${lost} saves are lost.`);
  if (countedTwice > 0) failures.push(`${countedTwice} saves are counted twice.`);
  if (inOutboxes > 0) failures.push(`${inOutboxes} messages still wait in outboxes.`);
  return failures;
}

export function reportLines(report: Report): string[] {
  const head = ["from", "seen in", "saves", "p50 s", "p90 s", "p99 s", "max s"];
  const rows = report.pairs.map(({ from, to, saves, p50, p90, p99, max }) => [
    ...[from, to, String(saves)],
    ...[p50, p90, p99, max].map((millis) => (millis / 1000).toFixed(2)),
  ]);
  return [
    ...columns([head, ...rows], 2),
    "",
    `In the next page of its own region: ${report.inNextPage} of ${report.saves} saves.`,
    `In the other regions at the 99th percentile: ${(report.p99 / 1000).toFixed(2)} s.`,
    `Lost: ${report.lost}. Counted twice: ${report.countedTwice}. Left in outboxes: ${report.inOutboxes}.`,
    ...report.failures,
  ];
}
