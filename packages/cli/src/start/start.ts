/** `vitrine start`: the stack, something to look at, and the work that a clock does in production. */
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { openAccounts } from "../import/accounts.ts";
import { scanFolder } from "../import/scan.ts";
import { secretsFile, vitrineFolder } from "../project.ts";
import { Refusal } from "../refusal.ts";
import { type Stack, startStack } from "../stack/stack.ts";
import { farewell } from "./farewell.ts";
import { type Folder, fillWithDrawings, fillWithPhotos } from "./fill.ts";
import { claim } from "./running.ts";
import { keepTime } from "./timekeeper.ts";

export interface StartOptions {
  photos?: string;
  port: number;
  fresh?: boolean;
  demo: boolean;
}

/** What a shell gives to a command that Ctrl-C ended. */
const interrupted = 130;

/** Runs until a signal comes or the Workers end; answers the exit code. */
export async function start(options: StartOptions): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());
  try {
    await run(options, stopping);
    return 0;
  } catch (error) {
    if (stopping.signal.aborted && !(stopping.signal.reason instanceof Refusal)) return interrupted;
    throw error;
  }
}

async function run({ photos, port, fresh, demo }: StartOptions, stopping: AbortController): Promise<void> {
  const { signal } = stopping;
  // Told before anything is started: a missing folder is no reason to wait for the Workers.
  const folder = photos === undefined ? undefined : { path: resolve(photos), scan: await scanFolder(photos) };
  const release = claim(vitrineFolder, port);
  try {
    if (fresh) forget();
    const startedAt = Date.now();
    const onStep = (step: string) => console.log(`${step} …`);
    const stack = await startStack({ port, stateDir: vitrineFolder, secretsFile, onStep, signal });
    console.log(`Vitrine is up in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
    await live(stack, { folder, demo }, stopping);
  } finally {
    release();
  }
}

async function live(
  stack: Stack,
  { folder, demo }: { folder: Folder | undefined; demo: boolean },
  stopping: AbortController,
): Promise<void> {
  const { signal } = stopping;
  stack.ended.then(() => stopping.abort(new Refusal(`The Workers ended by themselves; see ${stack.logFile}.`)));
  try {
    const accounts = await openAccounts(stack.url, stack.secrets.JWT_SECRET);
    const clock = keepTime(accounts.service, signal);
    const filling = { accounts, stateDir: vitrineFolder, signal };
    const filled = folder
      ? await fillWithPhotos(folder, filling)
      : demo
        ? await fillWithDrawings(filling)
        : { isNew: false };
    if (filled.isNew) await clock.learn();
    console.log(farewell(stack.url, filled));
    await untilAborted(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    process.stdout.write("\nStopping … ");
    await stack.stop();
    process.stdout.write("stopped.\n");
  }
  if (signal.reason instanceof Refusal) throw signal.reason;
}

/** Databases, pictures and notes; secrets stay, so that tokens given out stay good. */
function forget(): void {
  for (const name of ["state", "imports"]) rmSync(join(vitrineFolder, name), { recursive: true, force: true });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    signal.addEventListener("abort", () => done(), { once: true });
  });
}
