import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DirectStack, startDirectStack } from "../stack/direct.ts";
import { type Stack, startStack } from "../stack/stack.ts";

type OnStep = (step: string) => void;

/** Runs `work` with a stack of its own, on a free port and in a folder that is thrown away with it. */
export function withOwnStack<T>(onStep: OnStep, work: (stack: Stack) => Promise<T>): Promise<T> {
  return inOwnFolder(async (stateDir, signal) => {
    const stack = await startStack({ port: 0, stateDir, quiet: true, untraced: true, onStep, signal });
    return work(stack).finally(() => stack.stop());
  });
}

/** The same without wrangler's development proxy, which costs a request about as much as the Worker behind it. */
export function withOwnDirectStack<T>(onStep: OnStep, work: (stack: DirectStack) => Promise<T>): Promise<T> {
  return inOwnFolder(async (stateDir) => {
    const stack = await startDirectStack({ stateDir, onStep });
    return work(stack).finally(() => stack.stop());
  });
}

/** A folder for the state of stacks, which goes when `work` is done or the command is stopped. */
export async function inOwnFolder<T>(work: (folder: string, stopping: AbortSignal) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-measure-"));
  const stopping = new AbortController();
  const end = () => {
    stopping.abort();
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  try {
    return await work(folder, stopping.signal);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, end);
    rmSync(folder, { recursive: true, force: true });
  }
}
