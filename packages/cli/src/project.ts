/** Where things lie in a checkout, and how its tools are run. */
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const rootFolder = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
export const binFolder = join(rootFolder, "node_modules", ".bin");
/** What the command keeps between runs: logs, manifests, generated configurations. Never committed. */
export const vitrineFolder = join(rootFolder, ".vitrine");
export const secretsFile = join(rootFolder, ".dev.vars");

/** An absolute path inside the checkout. */
export function inRoot(...segments: string[]): string {
  return join(rootFolder, ...segments);
}

/** The environment for the tools: their own Node first on the PATH, nothing reported to anybody. */
export function toolEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  // A test runner's own settings would reach the bundles that wrangler and vite make.
  const { NODE_ENV: _mode, VITEST: _vitest, VITEST_MODE: _vitestMode, ...own } = process.env;
  return {
    ...own,
    PATH: `${binFolder}${delimiter}${process.env.PATH ?? ""}`,
    WRANGLER_SEND_METRICS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    ...extra,
  };
}

export interface ToolResult {
  code: number;
  /** Standard output and standard error as they came. */
  output: string;
}

export interface ToolOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Shows the output as it comes instead of keeping it. */
  isShown?: boolean;
}

/** Runs a tool of node_modules/.bin (or of the PATH) to its end, without a terminal's input. Never throws. */
export function runTool(command: string, args: string[], options: ToolOptions = {}): Promise<ToolResult> {
  const { promise, resolve } = Promise.withResolvers<ToolResult>();
  const child = spawn(command, args, {
    cwd: options.cwd ?? rootFolder,
    env: toolEnvironment(options.env),
    stdio: options.isShown ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  child.on("error", (error) => resolve({ code: 127, output: `${command}: ${error.message}\n` }));
  child.on("close", (code) => resolve({ code: code ?? 1, output }));
  return promise;
}
