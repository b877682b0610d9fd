import { expect, test } from "vitest";
import type { BenchWorkers } from "./bench-workers.ts";
import { EngineFailure } from "./bench-workers.ts";
import { renderBySharp } from "./by-sharp.ts";
import { plansFor, tableOf } from "./command.ts";
import { compareEngines, medianRatio } from "./compare.ts";
import { drawPhotograph } from "./pictures.ts";

const plan = { width: 48, height: 36, format: "jpeg", quality: 80 } as const;
const file = await drawPhotograph({ width: 96, height: 72, seed: "compare" });
const { bytes } = await renderBySharp(file, { plan, times: 1 });

/** Engines that take the milliseconds of `totals` in turn, and have so much memory. */
function actors(totals: Record<string, number[]>, wasmBytes: number): BenchWorkers & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async render(engine) {
      asked.push(engine);
      if (engine === "photon") throw new EngineFailure("Error: no such marker");
      const total = totals[engine]?.shift() ?? 99;
      return { bytes, measured: { total, stages: { decode: total / 4 }, wasmBytes } };
    },
    stop: async () => {},
  };
}

test("engines take turns; the median of what comes after the warm-up counts", async () => {
  const warmUp = [1, 1, 1, 1];
  const workers = actors({ vitrine: [...warmUp, 8, 4, 6], jsquash: [...warmUp, 80, 20, 40] }, 2 ** 21);
  const [vitrine, jsquash, photon, sharp] = await compareEngines(workers, { file, plan, runs: 3 });
  expect(vitrine).toMatchObject({ total: 6, stages: { decode: 1.5 }, bytes: bytes.length, peakWasmBytes: 2 ** 21 });
  expect(jsquash).toMatchObject({ total: 40, stages: { decode: 10 } });
  expect(photon).toEqual({ engine: "photon", failure: "refused: Error: no such marker", peakWasmBytes: null });
  expect(sharp).toMatchObject({ ratioToSharp: 1, peakWasmBytes: null });
  expect(workers.asked.slice(3)).toEqual(Array.from({ length: 6 }, () => ["vitrine", "jsquash"]).flat());
});

test("what takes far more than an isolate has is out of memory, and not timed", async () => {
  const workers = actors({}, 300 * 2 ** 20);
  const [vitrine] = await compareEngines(workers, { file, plan, runs: 3 });
  expect(vitrine).toEqual({ engine: "vitrine", failure: "out of memory", peakWasmBytes: 300 * 2 ** 20 });
  expect(workers.asked).toEqual(["vitrine", "jsquash", "photon"]);
});

test("a burst that slows some rounds for all engines does not move the ratio", () => {
  expect(medianRatio([10, 40, 11, 44, 10], [20, 80, 22, 88, 20])).toBe(0.5);
  expect(medianRatio([10, 40, 40, 40, 10], [10, 20, 20, 80, 20])).toBe(1);
});

test("renditions keep the picture's ratio, in both formats at three widths", () => {
  const plans = plansFor({ width: 2725, height: 2225 });
  expect(plans.map(({ format, quality, width, height }) => `${format} ${quality} ${width}×${height}`)).toEqual([
    "webp 85 236×193",
    "jpeg 80 236×193",
    "webp 85 736×601",
    "jpeg 80 736×601",
    "webp 85 1200×980",
    "jpeg 80 1200×980",
  ]);
});

test("memory beyond an isolate's is starred", () => {
  const [, ...lines] = tableOf(plan, [
    { engine: "jsquash", failure: "out of memory", peakWasmBytes: 440 * 2 ** 20 },
    { engine: "vitrine", total: 6, stages: {}, ratioToSharp: 1.2, ssim: 0.99, bytes: 9, peakWasmBytes: 2 ** 21 },
  ]);
  expect(lines[0]).toMatch(/jsquash .*\*440\.0 +out of memory/);
  expect(lines[1]).toMatch(/vitrine +6\.0 +1\.20 +0\.9900 +9 +2\.0 +–/);
});
