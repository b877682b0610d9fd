import { readFileSync } from "node:fs";
import sharp, { type JpegOptions, type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { probePicture } from "../probe/probe.ts";
import { createPack } from "./pack.ts";
import type { OutputOptions } from "./plan.ts";

const pack = createPack(new WebAssembly.Module(readFileSync(new URL("../../native/pack.wasm", import.meta.url))));

const [width, height] = [1317, 981];

/** Colours and detail at two scales: what rounding and upsampling act on. */
function drawn(): Sharp {
  let state = 7;
  const side = 3;
  const [columns, rows] = [Math.ceil(width / side), Math.ceil(height / side)];
  const data = Uint8Array.from({ length: columns * rows * 3 }, (_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const wave = 90 * Math.sin((i % (columns * 3)) / 40 + (i % 3)) + 60 * Math.cos(i / (columns * 90));
    return Math.max(0, Math.min(255, 128 + wave + (state >>> 26)));
  });
  return sharp(data, { raw: { width: columns, height: rows, channels: 3 } }).resize(width, height, { fit: "fill" });
}

/** The bytes of both; sharp's own reader of JPEG has to decode for it. */
async function both(jpeg: Buffer, to: number, encode: OutputOptions) {
  const output = { width: to, height: Math.round((height * to) / width) };
  const ours = pack.render(jpeg, { probe: probePicture(jpeg), plan: { output, encode } }).bytes;
  const resized = sharp(jpeg).resize(output.width, output.height, { fit: "fill" });
  const theirs =
    encode.format === "webp"
      ? resized.webp({ quality: encode.quality })
      : resized.toColourspace("srgb").ensureAlpha().raw();
  return { ours: Buffer.from(ours), theirs: await theirs.toBuffer() };
}

describe("a JPEG on its way to WebP", () => {
  const files: Record<string, JpegOptions> = {
    "4:2:0": { quality: 85 },
    "4:2:0 progressive": { quality: 85, progressive: true },
    "4:4:4": { quality: 92, chromaSubsampling: "4:4:4" },
  };
  // Read at 8/8, 8/8, 4/8, 4/8, 2/8 and 1/8; 36 is 4.6 samples of 1/8 each, where libvips averages boxes first.
  it.each(Object.entries(files))("has the pixels that sharp resizes it to, bit by bit: %s", async (_, options) => {
    const jpeg = await drawn().jpeg(options).toBuffer();
    for (const to of [1000, 450, 400, 300, 200, 80]) {
      const { ours, theirs } = await both(jpeg, to, { format: "raw" });
      expect(ours.equals(theirs), `${to} wide`).toBe(true);
    }
    const { ours, theirs } = await both(jpeg, 36, { format: "raw" });
    expect(Math.max(...ours.map((value, i) => Math.abs(value - (theirs[i] ?? 0))))).toBeLessThan(6);
  });

  it("has them in grey too", async () => {
    const jpeg = await drawn().toColourspace("b-w").jpeg().toBuffer();
    for (const to of [1000, 300]) {
      const { ours, theirs } = await both(jpeg, to, { format: "raw" });
      expect(ours.equals(theirs), `${to} wide`).toBe(true);
    }
  });

  it("so it becomes sharp's file, where libwebp codes alike", async () => {
    const { ours, theirs } = await both(await drawn().jpeg().toBuffer(), 400, { format: "webp", quality: 85 });
    const [mine, its] = await Promise.all([ours, theirs].map((file) => sharp(file).raw().toBuffer()));
    expect(mine?.equals(its ?? Buffer.alloc(0))).toBe(true);
  });

  it("keeps chroma sharper where that is asked for", async () => {
    const jpeg = await drawn().jpeg().toBuffer();
    const { ours } = await both(jpeg, 400, { format: "webp", quality: 85 });
    const sharper = await both(jpeg, 400, { format: "webp", quality: 85, sharpYuv: true });
    expect(sharper.ours.equals(ours)).toBe(false);
  });
});
