import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Orientation } from "../probe/picture.ts";
import { probePicture } from "../probe/probe.ts";
import { drawCompass, drawFading, meanDifference, storedAs } from "../testing/draw.ts";
import { predictMemory, rasterProbe } from "./memory.ts";
import { createPack } from "./pack.ts";
import type { OutputOptions, RenderPlan } from "./plan.ts";

const module = new WebAssembly.Module(readFileSync(new URL("../../native/pack.wasm", import.meta.url)));
const pack = createPack(module);
const raw = { format: "raw" } as const satisfies OutputOptions;
const opaque = { ...drawCompass({ width: 500, height: 380 }), hasAlpha: false };
const fading = { ...drawFading({ width: 500, height: 380 }), hasAlpha: true };

describe("a raster as the source", () => {
  it("is made into what a PNG of it is made into", () => {
    for (const source of [opaque, fading]) {
      const png = pack.encode(source, { format: "png" }).bytes;
      const plan: RenderPlan = {
        crop: { left: 31, top: 7, width: 401, height: 303 },
        output: { width: 97, height: 71 },
        encode: raw,
      };
      const fromFile = pack.render(png, { probe: probePicture(png), plan });
      expect(pack.renderRaster(source, { plan }).bytes).toEqual(fromFile.bytes);
    }
  });

  it("is not touched by encoding it as it is", () => {
    expect(pack.encode(fading, raw).bytes).toEqual(fading.data);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8] as const)("is turned upright from orientation %i", (orientation: Orientation) => {
    const stored = { ...storedAs(opaque, orientation), hasAlpha: false, orientation };
    const plan: RenderPlan = {
      crop: { left: 100, top: 0, width: 400, height: 300 },
      output: { width: 200, height: 150 },
      encode: raw,
    };
    const output = { width: 200, height: 150 };
    const turned = { ...output, data: pack.renderRaster(stored, { plan }).bytes };
    expect(meanDifference(turned, { ...output, data: pack.renderRaster(opaque, { plan }).bytes })).toBeLessThan(0.5);
  });

  it("lies on the background that was asked for where the format has no alpha", () => {
    const clear = { width: 16, height: 16, data: new Uint8Array(1024), hasAlpha: true };
    const { bytes } = pack.encode(clear, { format: "jpeg", quality: 95 }, 0x204060);
    const plan = { output: { width: 16, height: 16 }, encode: raw };
    const shown = pack.render(bytes, { probe: probePicture(bytes), plan }).bytes;
    for (const [channel, value] of [0x20, 0x40, 0x60].entries()) {
      expect(Math.abs((shown[channel] ?? 0) - value)).toBeLessThan(4);
    }
  });

  it("takes no more memory than predicted", () => {
    const source = { ...drawFading({ width: 1500, height: 900 }), hasAlpha: true };
    for (const encode of [
      { format: "webp", quality: 90 },
      { format: "jpeg", quality: 90 },
      { format: "png" },
      raw,
    ] as const) {
      for (const output of [
        { width: 1500, height: 900 },
        { width: 300, height: 180 },
      ]) {
        const { peakMemoryBytes } = createPack(module).renderRaster(source, { plan: { output, encode } });
        expect(peakMemoryBytes).toBeLessThanOrEqual(predictMemory(rasterProbe(source), { output, encode }));
      }
    }
  });
});
