/**
 * The engines that run in workerd: a Worker each, so an isolate each, as they would have in production. All of them
 * live in one workerd, which is started anew for every rendition that is asked for: WASM memory never shrinks, and
 * the memory of one rendition is not to be told as that of the next.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { inRoot, runTool } from "../project.ts";
import { Refusal } from "../refusal.ts";
import { type BenchRequest, measuredHead, type WorkerMeasured } from "./protocol.ts";

export const workerEngines = ["vitrine", "jsquash", "photon"] as const;
export type WorkerEngine = (typeof workerEngines)[number];

const compatibilityDate = "2026-10-30";

interface WorkerModule {
  type: "ESModule" | "CompiledWasm";
  path: string;
  contents: Uint8Array<ArrayBuffer>;
}

export type Bundles = Record<WorkerEngine, WorkerModule[]>;

export interface BenchWorkers {
  /** Throws an EngineFailure with the engine's words. */
  render(
    engine: WorkerEngine,
    source: Uint8Array,
    request: BenchRequest,
  ): Promise<{ bytes: Buffer; measured: WorkerMeasured }>;
  stop(): Promise<void>;
}

export class EngineFailure extends Error {
  override readonly name = "EngineFailure";
}

/** Bundles the Workers of worker/ as wrangler would for production. */
export async function bundleWorkers(folder: string): Promise<Bundles> {
  const bundles = await Promise.all(workerEngines.map((engine) => bundleWorker(engine, join(folder, engine))));
  return Object.fromEntries(workerEngines.map((engine, i) => [engine, bundles[i] ?? []])) as Bundles;
}

async function bundleWorker(engine: WorkerEngine, folder: string): Promise<WorkerModule[]> {
  mkdirSync(folder, { recursive: true });
  const configuration = join(folder, "wrangler.json");
  const main = inRoot("packages", "cli", "src", "bench-images", "worker", `${engine}.ts`);
  writeFileSync(
    configuration,
    JSON.stringify({ name: `bench-${engine}`, main, compatibility_date: compatibilityDate }),
  );
  const outputFolder = join(folder, "bundle");
  const args = ["deploy", "--dry-run", "--minify", "--outdir", outputFolder, "-c", configuration];
  const { code, output } = await runTool("wrangler", args, { env: { CI: "true", FORCE_COLOR: "0" } });
  if (code !== 0) throw new Refusal(`The bench Worker of ${engine} could not be bundled:\n${output.trim()}`);
  const names = readdirSync(outputFolder).filter((name) => /\.(?:js|wasm)$/.test(name));
  // The entry point comes first.
  return names
    .toSorted((a, b) => Number(b.endsWith(".js")) - Number(a.endsWith(".js")))
    .map((name) => ({
      type: name.endsWith(".js") ? "ESModule" : "CompiledWasm",
      path: name,
      contents: new Uint8Array(readFileSync(join(outputFolder, name))),
    }));
}

export async function startBenchWorkers(bundles: Bundles): Promise<BenchWorkers> {
  const workers = workerEngines.map((engine) => ({
    name: engine,
    modules: bundles[engine],
    modulesRoot: "/",
    compatibilityDate,
  }));
  const miniflare = new Miniflare(convertV4MiniflareOptions({ telemetry: { enabled: false }, workers }));
  await miniflare.ready;
  return {
    async render(engine, source, request) {
      const worker = await miniflare.getWorker(engine);
      const url = `http://bench/?request=${encodeURIComponent(JSON.stringify(request))}`;
      const response = await worker.fetch(url, { method: "POST", body: source });
      const bytes = Buffer.from(await response.arrayBuffer());
      const head = response.headers.get(measuredHead);
      if (!response.ok || head === null) throw new EngineFailure(bytes.toString("utf8").split("\n")[0] ?? "");
      return { bytes, measured: JSON.parse(head) as WorkerMeasured };
    },
    stop: () => miniflare.dispose(),
  };
}
