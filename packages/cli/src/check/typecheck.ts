import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { eachOf } from "../import/pool.ts";
import { inRoot, runTool } from "../project.ts";

/** The compiler uses every core by itself; a second one fills its pauses. */
const compilersAtOnce = 2;

/** Folders with a tsconfig.json of their own: every package, every Worker, and the tests in Node and in the Workers' runtime. */
export function workspaceFolders(): string[] {
  const inside = (folder: string) => readdirSync(inRoot(folder)).map((name) => join(folder, name));
  const folders = [...inside("packages"), ...inside("workers"), "tests", join("tests", "replication")];
  return folders.filter((folder) => existsSync(inRoot(folder, "tsconfig.json")));
}

/** `vitrine typecheck`: prints what does not fit; exit code 1 when anything does not. */
export async function typecheck(): Promise<number> {
  let failed = 0;
  await eachOf(workspaceFolders(), compilersAtOnce, async (folder) => {
    const { code, output } = await runTool("tsc", ["-p", folder]);
    if (code === 0) return;
    failed++;
    process.stdout.write(`${folder}:\n${output}`);
  });
  return failed === 0 ? 0 : 1;
}
