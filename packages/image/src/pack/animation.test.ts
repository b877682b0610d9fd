import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { predictAnimation, renderFrames } from "../animated.ts";
import { pictureLimits } from "../limits.ts";
import type { OutputWork } from "../memory.ts";
import { probePicture } from "../probe/probe.ts";
import { mutate, randomFrom } from "../testing/mutants.ts";
import { createPack } from "./pack.ts";

const module = new WebAssembly.Module(readFileSync(new URL("../../native/pack.wasm", import.meta.url)));

/** Frames of noise, or of noise in one corner of a slope: what takes the most of every buffer, and what moves. */
function noise(of: { width: number; height: number; count: number; channels: 3 | 4 }) {
  const { width, height, count, channels } = of;
  const data = Buffer.alloc(width * height * count * channels);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[i] = state >>> 24;
  }
  return sharp(data, { raw: { width, height: height * count, channels, pageHeight: height } });
}

function outputOf(size: { width: number; height: number }, output: { width: number; height: number }) {
  const crop = { left: 0, top: 0, width: size.width, height: size.height };
  return (encode: OutputWork["encode"]): OutputWork => ({ shape: { crop, output }, steps: [], encode });
}

describe("predicted memory of an animation", () => {
  it.each(["gif", "lossy webp", "lossless webp"])("is an upper bound for noise from %s", async (kind) => {
    for (const channels of [3, 4] as const) {
      const image = noise({ width: 320, height: 200, count: 12, channels });
      const encoded =
        kind === "gif" ? image.gif({ effort: 1 }) : image.webp({ effort: 0, lossless: kind === "lossless webp" });
      const source = new Uint8Array(await encoded.toBuffer());
      const probe = probePicture(source);
      const work = outputOf(probe, { width: 160, height: 100 });
      for (const output of [
        work({ format: "webp", quality: 95 }),
        work({ format: "webp", quality: 75, lossless: true }),
      ]) {
        const made = renderFrames(source, { probe, output, pack: createPack(module) });
        const predicted = predictAnimation(probe, output) ?? 0;
        expect(made?.peakMemoryBytes, `${channels} channels`).toBeLessThanOrEqual(predicted);
        expect(predicted / (made?.peakMemoryBytes ?? 0), `${channels} channels`).toBeLessThan(4);
      }
    }
  });
});

const seeds = {
  "a GIF": () => noise({ width: 40, height: 30, count: 5, channels: 4 }).gif(),
  "a lossy WebP": () => noise({ width: 40, height: 30, count: 5, channels: 4 }).webp(),
  "a lossless WebP": () => noise({ width: 40, height: 30, count: 5, channels: 4 }).webp({ lossless: true }),
} as const;
const mutantsPerSeed = 120;

describe("mutants of", () => {
  it.each(Object.entries(seeds))("%s move, stand still or are refused, within what was predicted", async (_, draw) => {
    const original = new Uint8Array(await draw().toBuffer());
    const random = randomFrom(original.length);
    let moved = 0;
    for (let i = 0; i < mutantsPerSeed; i++) {
      const mutant = mutate(original, random);
      const probe = tryProbe(mutant);
      if (!probe?.animation) continue;
      const output = outputOf(probe, { width: 20, height: 15 })({ format: "webp", quality: 80 });
      const predicted = predictAnimation(probe, output) ?? 0;
      expect(predicted).toBeLessThanOrEqual(pictureLimits.pictureBudgetBytes);
      // Throws for what is a defect of ours, such as a trap that no failure explains.
      const made = renderFrames(mutant, { probe, output, pack: createPack(module) });
      if (made) moved += 1;
      if (made) expect(made.peakMemoryBytes).toBeLessThanOrEqual(predicted);
    }
    expect(moved).toBeGreaterThan(mutantsPerSeed / 10);
  });
});

function tryProbe(bytes: Uint8Array) {
  try {
    return probePicture(bytes);
  } catch {
    return undefined;
  }
}
