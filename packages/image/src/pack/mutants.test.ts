import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { probePicture } from "../probe/probe.ts";
import { mutate, randomFrom } from "../testing/mutants.ts";
import { PackError } from "./failure.ts";
import { memoryProbe, predictMemory } from "./memory.ts";
import { createPack } from "./pack.ts";
import type { OutputOptions } from "./plan.ts";

const module = new WebAssembly.Module(readFileSync(new URL("../../native/pack.wasm", import.meta.url)));
const mutantsPerSeed = 60;
/** Mutated headers may claim any size; what a service would refuse is not what is tested here. */
const maxPixels = 20_000_000;

function drawing(channels: 3 | 4) {
  const data = Buffer.from(Array.from({ length: 160 * 120 * channels }, (_, i) => (i * i) % 251));
  return sharp(data, { raw: { width: 160, height: 120, channels } });
}

const seeds = {
  "baseline JPEG": () => drawing(3).jpeg(),
  "progressive JPEG": () => drawing(3).jpeg({ progressive: true }),
  "CMYK JPEG with profile": () => drawing(3).withIccProfile("cmyk").jpeg(),
  PNG: () => drawing(4).png(),
  "interlaced PNG with palette": () => drawing(4).png({ progressive: true, palette: true }),
  "PNG with profile": () => drawing(3).withIccProfile("p3").png(),
  WebP: () => drawing(3).webp(),
  "WebP with alpha": () => drawing(4).webp(),
  "lossless WebP": () => drawing(4).webp({ lossless: true }),
  GIF: () => drawing(4).gif(),
} as const;

const encodings: OutputOptions[] = [
  { format: "webp", quality: 80 },
  { format: "jpeg", quality: 80 },
  { format: "png" },
  { format: "raw" },
];

describe("mutants", () => {
  it.each(
    Object.entries(seeds),
  )("of a %s are served within the predicted memory or refused by a typed error", async (_, draw) => {
    const original = new Uint8Array(await draw().toBuffer());
    const random = randomFrom(original.length);
    let served = 0;
    for (let i = 0; i < mutantsPerSeed; i++) {
      const mutant = mutate(original, random);
      const encode = encodings[random(encodings.length)] ?? { format: "raw" };
      const probe = tryProbe(mutant);
      if (!probe || probe.format === "avif" || probe.width * probe.height > maxPixels) continue;
      const plan = { output: { width: 64, height: 48 }, encode };
      try {
        const { peakMemoryBytes } = createPack(module).render(mutant, { probe, plan });
        expect(peakMemoryBytes).toBeLessThanOrEqual(predictMemory(memoryProbe(probe, mutant), plan));
        served += 1;
      } catch (error) {
        if (!(error instanceof PackError)) throw error;
        expect(error.kind, error.message).not.toBe("internal");
        expect(error.message).not.toBe("");
      }
    }
    // A pack that refuses everything keeps all of the above.
    expect(served).toBeGreaterThan(0);
  });
});

function tryProbe(bytes: Uint8Array) {
  try {
    return probePicture(bytes);
  } catch {
    return undefined;
  }
}
