/** Loads what a measure has made, through `POST /v1/bulk`. */
import type { Client } from "@vitrine/client";
import { loadLines } from "../load/load.ts";
import { Refusal } from "../refusal.ts";
import { createProgress } from "./progress.ts";

/** Two: one waits for the database while the other is read and checked. */
const requestsAtATime = 2;

/** `lines` is gone through more than once. Throws when a line was refused; answers how many there were. */
export async function bulkLoad(
  service: Client,
  what: string,
  lines: () => Iterable<string>,
): Promise<{ lines: number; seconds: number }> {
  let progress: ReturnType<typeof createProgress> | undefined;
  let total = 0;
  const report = await loadLines({
    lines: () => streamed(lines()),
    bulk: service.bulk,
    parallel: requestsAtATime,
    gzip: false,
    onTotal(count) {
      total = count;
      progress = createProgress(what, count);
    },
    onLoaded: (count) => progress?.advance(count),
  }).finally(() => progress?.stop());
  const [problem] = report.problems;
  if (problem)
    throw new Refusal(`${report.refused} of the ${what} were refused; line ${problem.line}: ${problem.detail}`);
  return { lines: total, seconds: progress?.stop() ?? 0 };
}

async function* streamed(lines: Iterable<string>): AsyncGenerator<string> {
  yield* lines;
}
