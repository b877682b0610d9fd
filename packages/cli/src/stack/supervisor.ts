/**
 * Runs one command in a process group of its own and ends the whole group when the pipe on standard input closes:
 * by an orderly stop, or because the `vitrine` process was killed outright. So workerd never outlives the command.
 *
 *   node supervisor.ts wrangler dev …
 */
import { spawn } from "node:child_process";

/** wrangler closes its databases within a second; what still runs then hangs. */
const graceMillis = 5_000;

const [command = "", ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
child.on("error", (error) => {
  process.stderr.write(`${command}: ${error.message}\n`);
  endGroup(127);
});
child.on("close", (code) => endGroup(code ?? 1));

let isStopping = false;
function stop(): void {
  if (isStopping) return;
  isStopping = true;
  child.kill("SIGTERM");
  setTimeout(() => endGroup(1), graceMillis);
}
process.stdin.resume().on("end", stop).on("error", stop);
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, stop);

/** The group holds wrangler, workerd and esbuild; its id is this process's own, as it was spawned detached. */
function endGroup(code: number): void {
  process.exitCode = code;
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.exit(code);
  }
}
