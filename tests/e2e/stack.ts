/** Starts the whole stack once for all files of this folder: real Workers under `wrangler dev`, state in a folder of its own. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startStack } from "@vitrine/cli";
import type { TestProject } from "vitest/node";
import { startPictureHost } from "./picture-host.ts";

declare module "vitest" {
  export interface ProvidedContext {
    stackUrl: string;
    jwtSecret: string;
    pictureHost: string;
  }
}

async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stateDir = mkdtempSync(join(tmpdir(), "vitrine-e2e-"));
  const pictureHost = await startPictureHost();
  const stack = await startStack({
    port: 0,
    stateDir,
    quiet: true,
    vars: { FETCH_ALLOWED_HOSTS: pictureHost.authority, REMOTE_SOURCES: pictureHost.authority },
  });
  project.provide("stackUrl", stack.url);
  project.provide("jwtSecret", stack.secrets.JWT_SECRET);
  project.provide("pictureHost", pictureHost.authority);
  return async () => {
    await stack.stop();
    await pictureHost.stop();
    mkdirSync(".vitrine", { recursive: true });
    copyFileSync(stack.logFile, ".vitrine/e2e.log"); // what to read when a test failed
    rmSync(stateDir, { recursive: true, force: true });
  };
}

export { setup };
