/** What cron does in production and nobody does locally: sweep each minute, and learn again when pins were added. */
import { setInterval as every } from "node:timers/promises";
import type { Client } from "@vitrine/client";

const sweepEveryMillis = 60_000;
/** The codebook is of the whole catalogue: ten minutes of new pins change it little. */
const sweepsPerLearning = 10;

export interface Timekeeper {
  /** Learns the codebook of interests now. */
  learn(): Promise<void>;
}

/** Begins with a sweep: what a stop left provisional is taken up at once. */
export function keepTime(service: Client, signal: AbortSignal): Timekeeper {
  const run = async (job: "sweep" | "codebook") => {
    await service.jobs.run(job, { signal }).catch((error: Error) => {
      if (!signal.aborted) console.error(`  The job ${job} did not run: ${error.message}`);
    });
  };
  const tick = async () => {
    await run("sweep");
    let sweeps = 0;
    for await (const _ of every(sweepEveryMillis, undefined, { signal, ref: false })) {
      await run("sweep");
      sweeps++;
      if (sweeps % sweepsPerLearning === 0) await run("codebook");
    }
  };
  tick().catch(() => {}); // Ends by the signal; jobs tell their failures themselves.
  return { learn: () => run("codebook") };
}
