/** `vitrine bench-images`: Vitrine's codec pack beside three other engines, one thread each, in one run. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { basename, join } from "node:path";
import sharp from "sharp";
import { columns } from "../measures/columns.ts";
import { Refusal } from "../refusal.ts";
import { bundleWorkers, startBenchWorkers } from "./bench-workers.ts";
import { compareEngines, type EngineResult, isolateBytes } from "./compare.ts";
import { type BenchPicture, drawPictures } from "./pictures.ts";
import type { BenchPlan } from "./protocol.ts";

export interface BenchImagesOptions {
  image?: string;
  runs: number;
  json: boolean;
}

const widths = [236, 736, 1200] as const;
const encodings = [
  { format: "webp", quality: 85 },
  { format: "jpeg", quality: 80 },
] as const;

interface Comparison {
  picture: { name: string; width: number; height: number; bytes: number };
  plan: BenchPlan;
  results: EngineResult[];
}

export async function benchImages({ image, runs, json }: BenchImagesOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-bench-"));
  const comparisons: Comparison[] = [];
  const say = (text: string) => void (json ? process.stderr.write(`${text}\n`) : console.log(text));
  try {
    const pictures = image === undefined ? drawPictures() : [readPicture(image)];
    say("Bundling the bench Workers");
    const bundles = await bundleWorkers(folder);
    for await (const { name, file } of pictures) {
      const { width, height } = await uprightSize(name, file);
      const picture = { name, width, height, bytes: file.length };
      say(`\n${name}: ${width}×${height}, ${(file.length / 1e6).toFixed(2)} MB; medians of ${runs}`);
      for (const plan of plansFor({ width, height })) {
        const workers = await startBenchWorkers(bundles);
        try {
          const results = await compareEngines(workers, { file, plan, runs });
          comparisons.push({ picture, plan, results });
          if (json) say(`  ${plan.format} ${plan.width} wide`);
          else for (const line of tableOf(plan, results)) say(line);
        } finally {
          await workers.stop();
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (json) console.log(JSON.stringify({ machine: machine(), runs, comparisons }, null, 2));
  else say(`\n${machine()}. * more than an isolate's ${isolateBytes / 2 ** 20} MiB: deployed, it would be ended.`);
  return 0;
}

export function plansFor(source: { width: number; height: number }): BenchPlan[] {
  return widths.flatMap((width) =>
    encodings.map((encoding) => ({
      ...encoding,
      width,
      height: Math.max(1, Math.round((source.height * width) / source.width)),
    })),
  );
}

export function tableOf(plan: BenchPlan, results: readonly EngineResult[]): string[] {
  const title = `${plan.format === "webp" ? "WebP" : "JPEG"} q${plan.quality}, ${plan.width} wide`;
  const head = [title, "ms", "/ sharp", "SSIM", "bytes", "WASM MiB", "stages in ms"];
  return columns([head, ...results.map(row)]).map((line, i) => (i === 0 ? `\n${line}` : line));
}

function row(result: EngineResult): string[] {
  const memory = mebibytes(result.peakWasmBytes);
  if ("failure" in result) return [result.engine, "–", "–", "–", "–", memory, result.failure];
  const { engine, total, ratioToSharp, ssim, bytes, stages } = result;
  const told = Object.entries(stages).map(([name, millis]) => `${name} ${millis.toFixed(1)}`);
  return [
    engine,
    total.toFixed(1),
    ratioToSharp.toFixed(2),
    ssim.toFixed(4),
    String(bytes),
    memory,
    told.join(" · ") || "–",
  ];
}

function mebibytes(bytes: number | null): string {
  if (bytes === null) return "–";
  return `${bytes > isolateBytes ? "*" : ""}${(bytes / 2 ** 20).toFixed(1)}`;
}

function readPicture(path: string): BenchPicture {
  try {
    return { name: basename(path), file: readFileSync(path) };
  } catch {
    throw new Refusal(`${path} cannot be read: name a JPEG with --image, or leave it out.`);
  }
}

async function uprightSize(name: string, file: Buffer): Promise<{ width: number; height: number }> {
  const metadata = await sharp(file, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (metadata?.format !== "jpeg") throw new Refusal(`${name} is no JPEG: the engines are compared on JPEGs.`);
  return metadata.autoOrient;
}

function machine(): string {
  const processors = cpus();
  return `${processors[0]?.model.trim() ?? "unknown processor"}, ${processors.length} cores, Node ${process.versions.node}`;
}
