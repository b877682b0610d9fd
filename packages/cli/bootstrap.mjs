/**
 * Runs before anything is installed, on whatever Node the machine has: installs what is missing, then hands over
 * to the `vitrine` command (src/main.ts) on a Node that runs TypeScript. Plain JavaScript without dependencies.
 *
 *   node packages/cli/bootstrap.mjs start --port 9000
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** npm's own floor for this lock file, and the oldest line that still gets fixes. */
const minNodeMajor = 20;
/** wrangler and vitest need it: https://www.npmjs.com/package/wrangler (engines). */
const minToolNode = [22, 12];
/** From here on Node strips types without a flag. */
const stripsTypesSince = [22, 18];

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bin = join(root, "node_modules", ".bin");

if (Number.parseInt(process.versions.node, 10) < minNodeMajor) {
  refuse(`Vitrine needs Node ${minNodeMajor} or newer, and this is ${process.versions.node}: see https://nodejs.org.`);
}
if (isInstallNeeded()) await install();
await handOver(process.argv.slice(2));

/** npm writes node_modules/.package-lock.json at the end of an install, so a broken-off install counts as missing. */
function isInstallNeeded() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return true;
  return statSync(installed).mtimeMs < statSync(join(root, "package-lock.json")).mtimeMs;
}

async function install() {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const text = "Installing packages (npm ci), about a minute";
  process.stdout.write(process.stdout.isTTY ? text : `${text}\n`);
  const ticking = setInterval(() => process.stdout.isTTY && process.stdout.write(`\r${text}: ${seconds()} s`), 1000);
  const { code, output } = await npmInstall();
  clearInterval(ticking);
  if (process.stdout.isTTY) process.stdout.write("\r\x1b[2K");
  if (code !== 0) {
    process.stderr.write(output);
    refuse("Packages could not be installed: npm's words are above; repeat with `npm ci` when it is put right.");
  }
  process.stdout.write(`Installed packages in ${seconds()} s.\n`);
}

function npmInstall() {
  const script = process.env.npm_execpath;
  const isNpm = script?.endsWith("npm-cli.js");
  const command = isNpm ? process.execPath : process.platform === "win32" ? "npm.cmd" : "npm";
  const flags = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  return new Promise((resolve) => {
    const child = spawn(command, isNpm ? [script, ...flags] : flags, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    child.on("error", (error) => resolve({ code: 1, output: `${error.message}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

async function handOver(args) {
  const { command, flags } = toolNode();
  const child = spawn(command, [...flags, join(root, "packages", "cli", "src", "main.ts"), ...args], {
    stdio: "inherit",
    // npm changes to the root first; a folder that somebody typed is meant from where it was typed.
    cwd: process.env.npm_lifecycle_event && process.env.INIT_CWD ? process.env.INIT_CWD : process.cwd(),
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
      WRANGLER_SEND_METRICS: "false",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      VITRINE_PARENT: String(process.pid),
    },
  });
  // Ctrl-C in a terminal tells the command as well, and hearing it twice does no harm; a `kill` tells this process alone.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  endWithNpm(child);
  child.on("error", (error) => refuse(`The vitrine command did not start: ${error.message}.`));
  child.on("close", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

/** When npm is killed outright nobody passes that on, and its shell waits on: so npm is looked for each second. */
function endWithNpm(child) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const npm = npmProcess(parent);
  const isOver = () => process.ppid !== parent || !isAlive(npm);
  setInterval(() => isOver() && child.kill("SIGTERM"), 1000).unref();
}

/** npm runs a script by a shell, which some systems leave in between: its parent is told by /proc, where there is one. */
function npmProcess(parent) {
  try {
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/.exec(readFileSync(`/proc/${parent}/stat`, "utf8").trim()) ?? [];
    return /sh$/.test(name) ? Number(rest.split(" ")[1]) : parent;
  } catch {
    return parent;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** The Node that npm installed, else the machine's own when it is new enough. */
function toolNode() {
  const installed = join(bin, "node");
  if (process.platform !== "win32" && existsSync(installed)) return { command: installed, flags: [] };
  if (!isAtLeast(minToolNode)) {
    refuse(
      `Vitrine's tools need Node ${minToolNode.join(".")} or newer on this system, and this is ${process.versions.node}.`,
    );
  }
  return { command: process.execPath, flags: isAtLeast(stripsTypesSince) ? [] : ["--experimental-strip-types"] };
}

function isAtLeast([wantedMajor, wantedMinor]) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
