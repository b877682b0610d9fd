import { existsSync } from "node:fs";
import { runTool } from "../project.ts";

/** Where Debian, Ubuntu, Fedora and macOS put it; snaps are left out, they cannot read temporary profiles. */
const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/lib/chromium/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

export type Browser = { path: string } | { missing: string };

/**
 * A browser for the tests: VITRINE_CHROMIUM, one that is installed, or Debian's, installed now with apt.
 * Otherwise one sentence that says what to do.
 */
export async function ensureChromium(print: (line: string) => void): Promise<Browser> {
  const chosen = process.env.VITRINE_CHROMIUM;
  if (chosen)
    return existsSync(chosen) ? { path: chosen } : { missing: `VITRINE_CHROMIUM names ${chosen}, which is not there.` };
  const installed = usualPlaces.find((path) => existsSync(path));
  if (installed) return { path: installed };
  if (!existsSync("/usr/bin/apt-get")) {
    return { missing: "There is no Chromium and no apt here: install one and set VITRINE_CHROMIUM to its path." };
  }
  print("Installing Chromium with apt, about a minute …");
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    const [command = "", ...rest] = [...asRoot, "apt-get", "-qq", ...args];
    const { code, output } = await runTool(command, rest, { env: { DEBIAN_FRONTEND: "noninteractive" } });
    if (code !== 0 && args[0] === "install") {
      return { missing: `apt could not install chromium (${lastLine(output)}): set VITRINE_CHROMIUM to a browser.` };
    }
  }
  const path = usualPlaces.find((place) => existsSync(place));
  return path ? { path } : { missing: "apt installed no chromium where it is expected: set VITRINE_CHROMIUM to it." };
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "no reason given";
}
