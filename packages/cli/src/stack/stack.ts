/** The whole of Vitrine on this machine: every Worker under one `wrangler dev`, as a process that can be stopped. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inRoot, rootFolder, toolEnvironment } from "../project.ts";
import { Refusal } from "../refusal.ts";
import { ensureSecrets, type Secrets } from "../secrets.ts";
import { writeConfigurations } from "./configurations.ts";
import { type DevLog, openDevLog } from "./dev-log.ts";
import { migrate } from "./migrations.ts";
import { ensurePortIsFree, freePort } from "./ports.ts";
import { ensureStudio } from "./studio.ts";

export interface StackOptions {
  /** 0 takes a free one. */
  port: number;
  /** Where everything of this stack is kept: databases, log, configurations, and secrets unless given below. */
  stateDir: string;
  /** More variables for all the Workers, such as FETCH_ALLOWED_HOSTS. */
  vars?: Record<string, string>;
  /** Keeps no trace of the calls between Workers: wrangler's page of them, and 90 MiB after 500 uploads of photos. */
  untraced?: boolean;
  /** Shows no warnings and errors of the Workers; the log has them. */
  quiet?: boolean;
  /** A .dev.vars to use instead of an own one in `stateDir`; made when absent. */
  secretsFile?: string;
  /** Told before each step that takes a while. */
  onStep?: (step: string) => void;
  /** Breaks the start off; a running stack is stopped by `stop`. */
  signal?: AbortSignal;
}

export interface Stack {
  url: string;
  secrets: Secrets;
  logFile: string;
  /** Ends every process of the stack; answers when all are gone. */
  stop(): Promise<void>;
  /** Ends every process at once and in no order, as a power cut would; answers when all are gone. */
  kill(): Promise<void>;
  /** Resolves when the stack has ended, wanted or not. */
  ended: Promise<void>;
}

/** workerd is up in two seconds; a cold machine with two cores has taken fifteen. */
const startTimeoutMillis = 90_000;
const healthPollMillis = 150;

/** Builds the studio, migrates the databases, starts the Workers and answers when /health does. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { stateDir, onStep = () => {}, signal } = options;
  const port = options.port || (await freePort());
  await ensurePortIsFree(port);
  mkdirSync(stateDir, { recursive: true });
  const secretsFile = options.secretsFile ?? join(stateDir, "secrets.vars");
  const secrets = ensureSecrets(secretsFile);
  await ensureStudio(onStep);
  const folder = join(stateDir, "workers");
  const configurations = writeConfigurations(folder, options.vars ?? {}, readFileSync(secretsFile, "utf8"));
  const persistTo = join(stateDir, "state");
  await migrate(configurations[0] ?? "", persistTo, onStep);
  onStep("Starting the Workers");
  const log = openDevLog(join(stateDir, "dev.log"), options.quiet ? () => {} : (line) => console.error(`  ${line}`));
  const child = await spawnWrangler({ port, stateDir, persistTo, configurations, log, isTraced: !options.untraced });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stack: Stack = {
    url: `http://localhost:${port}`,
    secrets,
    logFile: log.path,
    ended: ended.then(() => log.close()),
    async stop() {
      child.stdin?.end();
      await ended;
    },
    async kill() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
      await ended;
    },
  };
  await untilHealthy(stack, { child, log, signal });
  return stack;
}

interface Launch {
  port: number;
  stateDir: string;
  persistTo: string;
  configurations: string[];
  log: DevLog;
  isTraced: boolean;
}

/**
 * V8 collects an isolate's garbage for the first time when it reaches tens of megabytes, by the memory of the machine.
 * In MiB, this makes it do so early, as for the 128 MB of a deployed isolate: the simulators of the platform hold ten
 * times as much outside of V8's heap as in it.
 */
const garbageFlags = "--initial-old-space-size=4";

async function spawnWrangler({
  port,
  stateDir,
  persistTo,
  configurations,
  log,
  isTraced,
}: Launch): Promise<ChildProcess> {
  const args = ["dev", ...configurations.flatMap((path) => ["-c", path]), "--port", String(port)];
  args.push("--inspector-port", String(await freePort()), "--persist-to", persistTo, "--local");
  args.push("--show-interactive-dev-session=false");
  const supervisor = inRoot("packages", "cli", "src", "stack", "supervisor.ts");
  const child = spawn(process.execPath, [...process.execArgv, supervisor, "wrangler", ...args], {
    cwd: rootFolder,
    // A group of its own: Ctrl-C in the terminal reaches `vitrine` alone, which then stops the group in order.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: toolEnvironment({
      WRANGLER_REGISTRY_PATH: join(stateDir, "registry"),
      FORCE_COLOR: "0",
      MINIFLARE_WORKERD_V8_FLAGS: process.env.MINIFLARE_WORKERD_V8_FLAGS ?? garbageFlags,
      ...(isTraced ? {} : { X_LOCAL_OBSERVABILITY: "false", X_LOCAL_EXPLORER: "false" }),
    }),
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => log.write(chunk));
  }
  child.stdin?.on("error", () => {});
  return child;
}

interface Start {
  child: ChildProcess;
  log: DevLog;
  signal: AbortSignal | undefined;
}

async function untilHealthy(stack: Stack, { child, log, signal }: Start): Promise<void> {
  const deadline = Date.now() + startTimeoutMillis;
  const isRunning = () => child.exitCode === null && child.signalCode === null && !log.hasBuildError();
  while (isRunning() && Date.now() < deadline && !signal?.aborted) {
    if (await isHealthy(stack.url)) return;
    await sleep(healthPollMillis);
  }
  const reason = isRunning()
    ? "The Workers did not become healthy"
    : "The Workers could not be built or ended while starting";
  await stack.stop();
  if (signal?.aborted) throw new Refusal("Stopped while starting.");
  throw new Refusal(`${reason}; the end of ${log.path} says:\n${log.tail()}`);
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) });
    const { status } = (await response.json()) as { status?: string };
    return response.ok && status === "ok";
  } catch {
    return false;
  }
}
