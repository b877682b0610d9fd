/**
 * The same Workers and the same state as `startStack`, in Miniflare without wrangler: requests go to workerd's own
 * socket, where wrangler's development server puts a second workerd in between. For measuring; nothing is reloaded.
 */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { runTool } from "../project.ts";
import { Refusal } from "../refusal.ts";
import { ensureSecrets, type Secrets } from "../secrets.ts";
import { writeConfigurations } from "./configurations.ts";
import { migrate } from "./migrations.ts";
import { freePort } from "./ports.ts";
import { ensureStudio } from "./studio.ts";

export interface DirectStack {
  url: string;
  secrets: Secrets;
  stop(): Promise<void>;
}

export interface DirectStackOptions {
  /** As of `startStack`: either may go on with what the other has left. */
  stateDir: string;
  /**
   * ES modules beside those of the exposed Worker, which are "./index.js" and what that imports. The first is the entry
   * point in its place: for tests that stand between the Worker and what it is bound to.
   */
  edgeEntry?: readonly { path: string; contents: string }[];
  onStep?: (step: string) => void;
  /** Told what the Workers log; without it that goes to this process's own output. */
  onLog?: (line: string) => void;
}

export async function startDirectStack({
  stateDir,
  edgeEntry = [],
  onStep = () => {},
  onLog,
}: DirectStackOptions): Promise<DirectStack> {
  mkdirSync(stateDir, { recursive: true });
  const secretsFile = join(stateDir, "secrets.vars");
  const secrets = ensureSecrets(secretsFile);
  await ensureStudio(onStep);
  const configurations = writeConfigurations(join(stateDir, "workers"), {}, readFileSync(secretsFile, "utf8"));
  const persistTo = join(stateDir, "state");
  await migrate(configurations[0] ?? "", persistTo, onStep);
  onStep("Bundling the Workers");
  const workers: V4WorkerOptions[] = [];
  for (const [i, configuration] of configurations.entries()) {
    const worker = await workerOf(configuration, join(stateDir, "bundles"));
    const entry = edgeEntry.map((module) => ({ type: "ESModule" as const, ...module }));
    workers.push(i === 0 ? { ...worker, modules: [...entry, ...worker.modules] } : worker);
  }
  onStep("Starting the Workers without wrangler");
  const port = await freePort();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      port,
      // What wrangler adds to --persist-to.
      resourcePersistencePath: join(persistTo, "v3"),
      telemetry: { enabled: false },
      cf: false,
      ...(onLog ? { handleStructuredLogs: ({ level, message }) => onLog(`${level}: ${message}`) } : {}),
      workers,
    }),
  );
  await miniflare.ready;
  return { url: `http://127.0.0.1:${port}`, secrets, stop: () => miniflare.dispose() };
}

/** The bindings as wrangler reads them, the code as wrangler bundles it. */
async function workerOf(configuration: string, folder: string) {
  const name = basename(configuration, ".json");
  const outputFolder = join(folder, name);
  const args = ["deploy", "--dry-run", "--outdir", outputFolder, "-c", configuration];
  const { code, output } = await runTool("wrangler", args, { env: { CI: "true", FORCE_COLOR: "0" } });
  if (code !== 0) throw new Refusal(`The Worker ${name} could not be bundled:\n${output.trim()}`);
  const { workerOptions } = quietly(() => unstable_getMiniflareWorkerOptions(configuration));
  return { ...workerOptions, name, modules: modulesIn(outputFolder), modulesRoot: "/" };
}

/** wrangler says on standard output where it found secrets, which is where a measure prints its JSON. */
function quietly<T>(work: () => T): T {
  const level = process.env.WRANGLER_LOG;
  process.env.WRANGLER_LOG = "error";
  try {
    return work();
  } finally {
    if (level === undefined) delete process.env.WRANGLER_LOG;
    else process.env.WRANGLER_LOG = level;
  }
}

/** The entry point first, as Miniflare wants it. */
function modulesIn(folder: string) {
  const names = readdirSync(folder).filter((name) => /\.(?:js|wasm)$/.test(name));
  return names
    .toSorted((a, b) => Number(b === "index.js") - Number(a === "index.js"))
    .map((name) => ({
      type: name.endsWith(".js") ? ("ESModule" as const) : ("CompiledWasm" as const),
      path: name,
      contents: new Uint8Array(readFileSync(join(folder, name))),
    }));
}
