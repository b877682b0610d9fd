import { existsSync, globSync, statSync } from "node:fs";
import { join } from "node:path";
import { inRoot, runTool } from "../project.ts";
import { Refusal } from "../refusal.ts";

/** What the bundle is made of, by glob from the root. */
const sources = [
  "packages/{studio,client,contracts}/src/**/*.{ts,tsx,css,svg}",
  "packages/studio/{index.html,vite.config.ts,package.json}",
  "packages/studio/public/**/*",
];

/** Builds the web app when it was never built, or when a source is newer than the build. */
export async function ensureStudio(onStep: (step: string) => void = () => {}): Promise<void> {
  if (!isStale(inRoot("packages/studio/dist/index.html"), sources)) return;
  onStep("Building the studio");
  const { code, output } = await runTool("vite", ["build", "--logLevel", "warn"], { cwd: inRoot("packages/studio") });
  if (code !== 0) throw new Refusal(`The studio could not be built:\n${output.trim()}`);
}

function isStale(built: string, patterns: string[]): boolean {
  if (!existsSync(built)) return true;
  const builtAt = statSync(built).mtimeMs;
  return globSync(patterns, { cwd: inRoot() }).some((path) => statSync(join(inRoot(), path)).mtimeMs > builtAt);
}
