/** Every engine on one rendition of one picture, in turns: whatever else the machine does hits all of them alike. */
import { median } from "../measures/percentile.ts";
import { type BenchWorkers, EngineFailure, workerEngines } from "./bench-workers.ts";
import { renderBySharp } from "./by-sharp.ts";
import { likeness } from "./likeness.ts";
import type { BenchPlan, WorkerMeasured } from "./protocol.ts";

export const engines = [...workerEngines, "sharp"] as const;
export type Engine = (typeof engines)[number];

export type EngineResult =
  | {
      engine: Engine;
      /** Medians in milliseconds. */
      total: number;
      stages: Record<string, number>;
      /** Median of the ratios of each round. */
      ratioToSharp: number;
      /** Mean SSIM of luma against sharp's rendition; 1 for sharp itself. */
      ssim: number;
      bytes: number;
      /** Of all WASM memories together with the first rendition; null for what has none. */
      peakWasmBytes: number | null;
    }
  | { engine: Engine; failure: string; peakWasmBytes: number | null };

/** https://developers.cloudflare.com/workers/platform/limits/#memory, for WASM and JavaScript together. */
export const isolateBytes = 128 * 2 ** 20;
/** Beyond this an engine is not timed: no isolate would have let it, and the largest pictures take it seconds. */
const timedBelowBytes = 2 * isolateBytes;
/** The first finds nothing compiled, and V8 makes WASM faster while it runs. */
const warmUps = 3;
/** A request renders as often as fits, so that the whole milliseconds of workerd's clock make 2 % at most. */
const requestMillis = 50;

export interface Comparison {
  file: Uint8Array;
  plan: BenchPlan;
  /** How many are timed after the warm-up. */
  runs: number;
}

export async function compareEngines(workers: BenchWorkers, { file, plan, runs }: Comparison): Promise<EngineResult[]> {
  const render = (engine: Engine, times = 1): Promise<{ bytes: Buffer; measured: WorkerMeasured }> =>
    engine === "sharp" ? renderBySharp(file, { plan, times }) : workers.render(engine, file, { plan, times });
  const first = new Map<Engine, { bytes: Buffer; wasmBytes: number | null }>();
  const failures = new Map<Engine, EngineResult>();
  for (const engine of engines) {
    try {
      const { bytes, measured } = await render(engine);
      const wasmBytes = measured.wasmBytes ?? null;
      if ((wasmBytes ?? 0) <= timedBelowBytes) first.set(engine, { bytes, wasmBytes });
      else failures.set(engine, { engine, failure: "out of memory", peakWasmBytes: wasmBytes });
    } catch (error) {
      failures.set(engine, { engine, failure: failureOf(error), peakWasmBytes: null });
    }
  }
  const samples = new Map<Engine, WorkerMeasured[]>([...first.keys()].map((engine) => [engine, []]));
  const times = new Map<Engine, number>();
  for (let run = 1 - warmUps; run <= runs; run++) {
    for (const [engine, measured] of samples) {
      const made = await render(engine, times.get(engine));
      if (run > 0) measured.push(made.measured);
      else times.set(engine, Math.max(1, Math.ceil(requestMillis / made.measured.total)));
    }
  }
  const totalsOf = (engine: Engine) => (samples.get(engine) ?? []).map(({ total }) => total);
  return Promise.all(
    engines.map(async (engine) => {
      const made = first.get(engine);
      const reference = first.get("sharp");
      if (!made) return failures.get(engine) ?? { engine, failure: "refused", peakWasmBytes: null };
      return {
        engine,
        total: median(totalsOf(engine)),
        stages: medianStages(samples.get(engine) ?? []),
        ratioToSharp: medianRatio(totalsOf(engine), totalsOf("sharp")),
        ssim: reference ? await likeness(made.bytes, reference.bytes) : Number.NaN,
        bytes: made.bytes.length,
        peakWasmBytes: made.wasmBytes,
      };
    }),
  );
}

/** Of the rounds one by one: a burst of other work on the machine falls on both sides of a ratio. */
export function medianRatio(totals: readonly number[], reference: readonly number[]): number {
  return median(totals.map((total, round) => total / (reference[round] ?? Number.NaN)));
}

export function medianStages(samples: readonly WorkerMeasured[]): Record<string, number> {
  const names = Object.keys(samples[0]?.stages ?? {});
  return Object.fromEntries(names.map((name) => [name, median(samples.map(({ stages }) => stages[name] ?? 0))]));
}

/** The words of allocators that got nothing: emscripten's, wasm-bindgen's (a trap), V8's. */
const memoryWords = /memory|allocat|unreachable|Aborted\(\)/i;

function failureOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  if (memoryWords.test(words)) return "out of memory";
  return error instanceof EngineFailure ? `refused: ${words}` : `died: ${words}`;
}
