import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Stack, startStack } from "../stack/stack.ts";

/** Runs `work` with a stack of its own, on a free port and in a folder that is thrown away with it. */
export async function withOwnStack<T>(onStep: (step: string) => void, work: (stack: Stack) => Promise<T>): Promise<T> {
  const stateDir = mkdtempSync(join(tmpdir(), "vitrine-measure-"));
  const stopping = new AbortController();
  const end = () => {
    stopping.abort();
    rmSync(stateDir, { recursive: true, force: true });
    process.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  try {
    const stack = await startStack({ port: 0, stateDir, quiet: true, untraced: true, onStep, signal: stopping.signal });
    try {
      return await work(stack);
    } finally {
      await stack.stop();
    }
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, end);
    rmSync(stateDir, { recursive: true, force: true });
  }
}
