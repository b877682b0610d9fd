import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../refusal.ts";

/**
 * Refuses a second stack on the same databases, which would spoil them. Answers a function that gives the claim up;
 * after a kill the claim is void because its process is gone.
 */
export function claim(stateDir: string, port: number): () => void {
  const path = join(stateDir, "running.json");
  const holder = readHolder(path);
  if (holder && isAlive(holder.pid)) {
    const where = `http://localhost:${holder.port} (process ${holder.pid})`;
    throw new Refusal(`Vitrine runs already at ${where}: use that one, or stop it first.`);
  }
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(path, JSON.stringify({ pid: process.pid, port }));
  return () => rmSync(path, { force: true });
}

function readHolder(path: string): { pid: number; port: number } | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as { pid: number; port: number };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch {
    return false;
  }
}
