import { readFileSync } from "node:fs";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { probePicture } from "../probe/probe.ts";
import { memoryProbe, predictMemory } from "./memory.ts";
import { createPack } from "./pack.ts";
import type { OutputOptions } from "./plan.ts";

const module = new WebAssembly.Module(readFileSync(new URL("../../native/pack.wasm", import.meta.url)));
const mebibytes = 2 ** 20;

/** Noise: what takes the most of every entropy coder's buffers. */
function noise(width: number, height: number, channels: 3 | 4 = 3) {
  const data = Buffer.alloc(width * height * channels);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[i] = state >>> 24;
  }
  return sharp(data, { raw: { width, height, channels } });
}

/** Smooth noise for pictures so large that only their size matters. */
const large = (width: number, height: number) => noise(width / 16, height / 16).resize(width, height);

const bytesOf = async (image: Sharp) => new Uint8Array(await image.toBuffer());

function measure(bytes: Uint8Array, width: number, encode: OutputOptions) {
  const probe = probePicture(bytes);
  const plan = { output: { width, height: Math.round((probe.height * width) / probe.width) }, encode };
  const { peakMemoryBytes } = createPack(module).render(bytes, { probe, plan });
  return { peak: peakMemoryBytes, predicted: predictMemory(memoryProbe(probe, bytes), plan) };
}

const encodings: OutputOptions[] = [
  { format: "webp", quality: 60 },
  { format: "webp", quality: 85 },
  { format: "webp", quality: 100 },
  { format: "webp", quality: 85, method: 2 },
  { format: "webp", quality: 85, savesMemory: true },
  { format: "webp", quality: 85, lossless: true },
  { format: "jpeg", quality: 80 },
  { format: "jpeg", quality: 100, chroma: "4:4:4" },
  { format: "jpeg", quality: 80, progressive: true },
  { format: "png" },
  { format: "png", quality: 100 },
  { format: "png", quality: 30 },
  { format: "jpeg", quality: 100, chroma: "4:4:4", progressive: true },
  { format: "raw" },
];

describe("predicted memory", () => {
  it.each([
    3, 4,
  ] as const)("is an upper bound for noise of %i channels, and seldom more than half above it", async (channels) => {
    const image = noise(900, 700, channels);
    const source = await bytesOf(channels === 4 ? image.png({ compressionLevel: 1 }) : image.jpeg({ quality: 98 }));
    const ratios: number[] = [];
    for (const encode of encodings) {
      for (const width of [236, 900]) {
        const { peak, predicted } = measure(source, width, encode);
        expect(predicted, `${JSON.stringify(encode)} ${width} wide`).toBeGreaterThanOrEqual(peak);
        ratios.push(predicted / peak);
      }
    }
    ratios.sort((a, b) => a - b);
    expect(ratios[Math.floor(ratios.length / 2)]).toBeLessThan(1.3);
    expect(ratios[ratios.length - 1]).toBeLessThan(2.3);
  }, 60_000);

  it("is an upper bound for outputs of several megapixels, and seldom a half above it", async () => {
    const source = await bytesOf(noise(1600, 1200).jpeg({ quality: 98 }));
    const large: OutputOptions[] = [
      { format: "webp", quality: 85 },
      { format: "webp", quality: 100 },
      { format: "jpeg", quality: 85 },
      { format: "jpeg", quality: 100, chroma: "4:4:4" },
      { format: "jpeg", quality: 85, progressive: true, optimise: true },
      { format: "png", isFast: true },
    ];
    for (const encode of large) {
      const { peak, predicted } = measure(source, 1600, encode);
      expect(predicted, JSON.stringify(encode)).toBeGreaterThanOrEqual(peak);
      expect(predicted / peak, JSON.stringify(encode)).toBeLessThan(1.5);
    }
    // Beyond the pixels whose tokens are kept.
    const { peak, predicted } = measure(source, 2600, { format: "webp", quality: 85 });
    expect(predicted).toBeGreaterThanOrEqual(peak);
    expect(predicted / peak).toBeLessThan(1.5);
  }, 60_000);

  it.each([
    "progressive 4:2:0",
    "progressive 4:4:4",
    "interlaced",
    "lossless",
    "alpha",
    "gif",
  ])("is an upper bound for decoders that keep the whole picture: %s", async (kind) => {
    const image = noise(1920, 1200, kind === "alpha" ? 4 : 3);
    const sources: Record<string, Sharp> = {
      "progressive 4:2:0": image.clone().jpeg({ progressive: true, quality: 95 }),
      "progressive 4:4:4": image.clone().jpeg({ progressive: true, quality: 95, chromaSubsampling: "4:4:4" }),
      interlaced: image.clone().png({ progressive: true, compressionLevel: 1 }),
      lossless: image.clone().webp({ lossless: true, effort: 0 }),
      alpha: image.clone().webp({ quality: 90, effort: 0 }),
      gif: image.clone().gif({ effort: 1 }),
    };
    const { peak, predicted } = measure(await bytesOf(sources[kind] ?? image), 200, { format: "webp", quality: 85 });
    expect(predicted).toBeGreaterThanOrEqual(peak);
    expect(predicted / peak).toBeLessThan(2);
  });

  it("keeps a 48-megapixel photo far under 48 MiB, and a progressive one of 12 megapixels under 64", async () => {
    const encode = { format: "webp", quality: 85 } as const;
    const plain = measure(await bytesOf(large(8000, 6000).jpeg({ quality: 85 })), 736, encode);
    expect(plain.predicted).toBeLessThan(16 * mebibytes);
    expect(plain.peak).toBeLessThanOrEqual(plain.predicted);
    const progressive = measure(await bytesOf(large(4000, 3008).jpeg({ quality: 85, progressive: true })), 736, encode);
    expect(progressive.predicted).toBeLessThan(48 * mebibytes);
    expect(progressive.peak).toBeLessThanOrEqual(progressive.predicted);
  }, 60_000);

  it("tells from the header what cannot fit", () => {
    const header = {
      format: "jpeg",
      contentType: "image/jpeg",
      orientation: 1,
      hasAlpha: false,
      isAnimated: false,
    } as const;
    const size = { width: 12_000, height: 9_000, bitDepth: 8, channels: 3, samplesPerPixel: 3, fileBytes: 9_000_000 };
    const probe = { ...header, ...size, coding: "progressive", isInterlaced: false, mayNeedRgba: false } as const;
    const plan = { output: { width: 736, height: 552 }, encode: { format: "webp", quality: 85 } } as const;
    expect(predictMemory(probe, plan)).toBeGreaterThan(600 * mebibytes);
    expect(predictMemory({ ...probe, coding: "plain" }, plan)).toBeLessThan(16 * mebibytes);
  });

  it("sees a profile in the header, which makes planes into pixels", async () => {
    const plain = new Uint8Array(await noise(400, 300).jpeg().toBuffer());
    const tagged = new Uint8Array(await noise(400, 300).withIccProfile("p3").jpeg().toBuffer());
    expect(memoryProbe(probePicture(plain), plain).mayNeedRgba).toBe(false);
    expect(memoryProbe(probePicture(tagged), tagged).mayNeedRgba).toBe(true);
  });
});
