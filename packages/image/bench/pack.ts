/**
 * The pack against sharp, one thread each, in one run:
 *
 *   node packages/image/bench/pack.ts [--image FILE] [--runs N]
 *
 * Without a file, pictures of 2 to 48 megapixels are drawn. Prints medians in milliseconds, their ratio, the stages,
 * the likeness (mean SSIM of luma over windows of 8×8), bytes and the WASM memory, predicted and taken.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { memoryProbe, predictMemory } from "../src/pack/memory.ts";
import { createPack } from "../src/pack/pack.ts";
import type { OutputOptions } from "../src/pack/plan.ts";
import { probePicture } from "../src/probe/probe.ts";

sharp.concurrency(1);
sharp.cache(false);
const { values } = parseArgs({ options: { image: { type: "string" }, runs: { type: "string", default: "15" } } });
const runs = Number(values.runs);
const module = new WebAssembly.Module(readFileSync(new URL("../native/pack.wasm", import.meta.url)));
const now = () => performance.now();

const megapixels = { 2: [1632, 1224], 6: [2832, 2128], 12: [4032, 3024], 24: [6000, 4000], 48: [8064, 6048] } as const;
const encodings = [
  { format: "webp", quality: 85 },
  { format: "jpeg", quality: 80 },
] as const satisfies OutputOptions[];

const columns = [
  "picture",
  "result",
  "ours",
  "decode",
  "encode",
  "sharp",
  "ratio",
  "ssim",
  "bytes",
  "sharp's",
  "MiB",
  "predicted",
];
console.log(row(columns));
if (values.image) {
  await bench(values.image.split("/").pop() ?? "", readFileSync(values.image));
} else {
  for (const [name, [width, height]] of Object.entries(megapixels)) {
    await bench(`${name} MP`, await drawn(width, height));
    if (name === "12") await bench("12 MP progressive", await drawn(width, height, true));
  }
}

async function bench(name: string, file: Buffer): Promise<void> {
  const bytes = new Uint8Array(file);
  const probe = probePicture(bytes);
  for (const width of [236, 736, 1200]) {
    const output = { width, height: Math.round((probe.height * width) / probe.width) };
    for (const encode of encodings) {
      const plan = { output, encode };
      const pack = createPack(module, { now });
      const stages: { decode: number; encode: number }[] = [];
      const ours = await median(() => stages.push(pack.render(bytes, { probe, plan }).timings));
      const theirs = await median(() => bySharp(file, plan).toBuffer());
      const made = createPack(module).render(bytes, { probe, plan });
      const reference = await bySharp(file, plan).toBuffer();
      console.log(
        row([
          name,
          `${encode.format} ${width}`,
          ours.toFixed(1),
          middle(stages.map(({ decode }) => decode)).toFixed(1),
          middle(stages.map(({ encode }) => encode)).toFixed(1),
          theirs.toFixed(1),
          (ours / theirs).toFixed(2),
          (await likeness(made.bytes, reference)).toFixed(4),
          String(made.bytes.length),
          String(reference.length),
          (made.peakMemoryBytes / 2 ** 20).toFixed(1),
          (predictMemory(memoryProbe(probe, bytes), plan) / 2 ** 20).toFixed(0),
        ]),
      );
    }
  }
}

type Plan = { output: { width: number; height: number }; encode: (typeof encodings)[number] };

function bySharp(file: Buffer, { output, encode }: Plan): sharp.Sharp {
  const resized = sharp(file).rotate().resize(output.width, output.height, { fit: "fill" });
  return encode.format === "webp"
    ? resized.webp({ quality: encode.quality })
    : resized.jpeg({ quality: encode.quality });
}

async function median(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = now();
    await work();
    times.push(now() - start);
  }
  return middle(times);
}

function middle(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

/** Detail at several scales, as a photograph has it: noise enlarged and added up, with soft edges. */
async function drawn(width: number, height: number, progressive = false): Promise<Buffer> {
  const layer = (scale: number, sigma: number) =>
    sharp({
      create: {
        width: Math.ceil(width / scale),
        height: Math.ceil(height / scale),
        channels: 3,
        background: "#808080",
        noise: { type: "gaussian", mean: 128, sigma },
      },
    })
      .resize(width, height, { kernel: "cubic" })
      .png({ compressionLevel: 0 })
      .toBuffer();
  const [coarse, middling, fine] = await Promise.all([layer(96, 70), layer(12, 40), layer(3, 12)]);
  return sharp(coarse)
    .composite([
      { input: middling, blend: "overlay" },
      { input: fine, blend: "overlay" },
    ])
    .jpeg({ quality: 88, progressive })
    .toBuffer();
}

/** Wang et al. 2004, with uniform windows of 8×8 at every fourth pixel. */
async function likeness(a: Uint8Array, b: Uint8Array): Promise<number> {
  const luma = (file: Uint8Array) =>
    sharp(file).removeAlpha().toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
  const [x, y] = await Promise.all([luma(a), luma(b)]);
  const { width, height } = x.info;
  const [c1, c2, side] = [6.5025, 58.5225, 8];
  let total = 0;
  let windows = 0;
  for (let top = 0; top + side <= height; top += 4) {
    for (let left = 0; left + side <= width; left += 4) {
      let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
      for (let i = 0; i < side * side; i++) {
        const at = (top + Math.floor(i / side)) * width + left + (i % side);
        const [p = 0, q = 0] = [x.data[at], y.data[at]];
        sx += p;
        sy += q;
        sxx += p * p;
        syy += q * q;
        sxy += p * q;
      }
      const n = side * side;
      const [mx, my] = [sx / n, sy / n];
      const [vx, vy, covariance] = [sxx / n - mx * mx, syy / n - my * my, sxy / n - mx * my];
      total += ((2 * mx * my + c1) * (2 * covariance + c2)) / ((mx * mx + my * my + c1) * (vx + vy + c2));
      windows++;
    }
  }
  return total / windows;
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i < 2 ? cell.padEnd(i ? 10 : 18) : cell.padStart(9))).join(" ");
}
