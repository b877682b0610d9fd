/** `vitrine check`, which is `npm test` and CI: every step with its heading and time; stops at nothing, tells all. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runTool, vitrineFolder } from "../project.ts";
import { ensureStudio } from "../stack/studio.ts";
import { ensureChromium } from "./chromium.ts";
import { typecheck } from "./typecheck.ts";

export interface CheckOptions {
  skipBrowser?: boolean;
}

interface Step {
  heading: string;
  /** Answers the exit code. */
  run(): Promise<number>;
}

export async function check({ skipBrowser = false }: CheckOptions): Promise<number> {
  const startedAt = Date.now();
  const browser: Record<string, string> = {};
  const all: Step[] = [
    { heading: "Biome", run: () => shown("biome", ["check", "--error-on-warnings", "."]) },
    { heading: "Types", run: typecheck },
    { heading: "Studio", run: buildStudio },
    { heading: "Chromium", run: async () => Object.assign(browser, await browserVariables(skipBrowser)) && 0 },
    { heading: "Tests", run: () => runTests(browser) },
  ];
  const failed: string[] = [];
  for (const { heading, run } of all) {
    const stepStartedAt = Date.now();
    console.log(`\n── ${heading}`);
    if ((await run()) !== 0) failed.push(heading);
    console.log(`── ${heading}: ${failed.at(-1) === heading ? "FAILED" : "good"}, ${secondsSince(stepStartedAt)} s`);
  }
  const steps = failed.length > 0 ? `; failed steps: ${failed.join(", ")}` : "";
  console.log(`\n${countOfTests()}${steps}; ${secondsSince(startedAt)} s in all`);
  return failed.length === 0 ? 0 : 1;
}

/** Where vitest leaves its figures beside what it prints. */
const testFigures = join(vitrineFolder, "tests.json");

function runTests(browser: Record<string, string>): Promise<number> {
  rmSync(testFigures, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${testFigures}`];
  return shown("vitest", ["run", ...reporters], browser);
}

/** `412 passed, 0 failed, 3 skipped`. */
function countOfTests(): string {
  try {
    const figures = JSON.parse(readFileSync(testFigures, "utf8")) as Record<string, number>;
    const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = figures;
    return `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped`;
  } catch {
    return "0 passed: the tests did not run to their end";
  }
}

async function shown(tool: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  return (await runTool(tool, args, { isShown: true, env })).code;
}

async function buildStudio(): Promise<number> {
  try {
    await ensureStudio();
    return 0;
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    return 1;
  }
}

/** Tests in a browser run by VITRINE_CHROMIUM, and are left out with the sentence of VITRINE_SKIP_BROWSER. */
async function browserVariables(skipBrowser: boolean): Promise<Record<string, string>> {
  if (skipBrowser) return { VITRINE_SKIP_BROWSER: "asked for by --skip-browser" };
  const browser = await ensureChromium(console.log);
  if ("path" in browser) return { VITRINE_CHROMIUM: browser.path };
  console.log(`${browser.missing} Tests in a browser are left out.`);
  return { VITRINE_SKIP_BROWSER: browser.missing };
}

function secondsSince(time: number): string {
  return ((Date.now() - time) / 1000).toFixed(1);
}
