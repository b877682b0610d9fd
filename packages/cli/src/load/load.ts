/** Loading a file through `POST /v1/bulk`. Doing it again, or going on after a stop, changes nothing that is there. */
import type { Client } from "@vitrine/client";
import { type BulkReport, bulkOps, limits } from "@vitrine/contracts";
import { patiently } from "../import/patience.ts";
import { eachOf } from "../import/pool.ts";
import { countStages, type LoadRequest, requestsOf, stageCount } from "./requests.ts";

export interface LoadOptions {
  /** Opens the file anew: it is read once for each kind, and once to count. */
  lines: () => AsyncIterable<string>;
  bulk: Client["bulk"];
  /** Requests at a time. */
  parallel: number;
  gzip: boolean;
  signal?: AbortSignal;
  /** Told once how many lines there are. */
  onTotal?: (lines: number) => void;
  /** Told of every request that is through. */
  onLoaded?: (lines: number) => void;
}

/** Answers what came of all lines, with their numbers in the file. Throws what does not pass after several tries. */
export async function loadLines(options: LoadOptions): Promise<BulkReport> {
  const { lines, bulk, gzip, signal } = options;
  const counts = await countStages(lines());
  options.onTotal?.(counts.reduce((sum, count) => sum + count, 0));
  const report = emptyReport();
  const send = async ({ text, numbers }: LoadRequest) => {
    signal?.throwIfAborted();
    add(report, await patiently(() => bulk.load(text, { gzip, signal }), signal), numbers);
    options.onLoaded?.(numbers.length);
  };
  for (let stage = 0; stage < stageCount; stage++) {
    if (counts[stage]) await eachOf(requestsOf(lines(), stage), options.parallel, send);
  }
  report.problems.sort((a, b) => a.line - b.line).splice(limits.maxBulkProblems);
  return report;
}

function emptyReport(): BulkReport {
  const counts = Object.fromEntries(bulkOps.map((op) => [op, { taken: 0, known: 0 }])) as BulkReport["counts"];
  return { counts, refused: 0, problems: [] };
}

function add(sum: BulkReport, { counts, refused, problems }: BulkReport, numbers: readonly number[]): void {
  for (const op of bulkOps) {
    sum.counts[op].taken += counts[op].taken;
    sum.counts[op].known += counts[op].known;
  }
  sum.refused += refused;
  sum.problems.push(...problems.map(({ line, detail }) => ({ line: numbers[line - 1] ?? line, detail })));
}
