#!/usr/bin/env node
import { check } from "./check/check.ts";
import { typecheck } from "./check/typecheck.ts";
import { deploy } from "./deploy/deploy.ts";
import { runImport } from "./import/command.ts";
import { runJob } from "./jobs.ts";
import { load } from "./load/command.ts";
import { listModels, serveModel } from "./models.ts";
import { endWithParent } from "./parent.ts";
import { type Actions, createProgram, type TokenCommandOptions } from "./program.ts";
import { secretsFile } from "./project.ts";
import { Refusal } from "./refusal.ts";
import { readSecrets } from "./secrets.ts";
import { start } from "./start/start.ts";
import { parseDuration, resolveUser, signToken } from "./token.ts";
import { train } from "./train/command.ts";

endWithParent();
// The measures bring sharp and workerd along, which no other command has to wait for.
const measures: Pick<Actions, "benchImages" | "fuzzImages" | "loadImages" | "evalFeed" | "benchFeed" | "simRegions"> = {
  benchImages: async (options) => (await import("./bench-images/command.ts")).benchImages(options),
  fuzzImages: async (folders, options) => (await import("./fuzz-images/command.ts")).fuzzImages(folders, options),
  loadImages: async (options) => (await import("./load-images/command.ts")).loadImages(options),
  evalFeed: async (options) => (await import("./eval-feed/command.ts")).evalFeed(options),
  benchFeed: async (options) => (await import("./bench-feed/command.ts")).benchFeed(options),
  simRegions: async (options) => (await import("./sim-regions/command.ts")).simRegions(options),
};
const actions = {
  start,
  token: printToken,
  import: runImport,
  load,
  runJob,
  train,
  listModels,
  serveModel,
  deploy,
  check,
  typecheck,
  ...measures,
};
const program = createProgram(actions, (code) => process.exit(code));
await program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});

async function printToken({ user, scope, expires, url }: TokenCommandOptions): Promise<number> {
  const expiresInSeconds = parseDuration(expires);
  if (user === undefined && scope !== "service") {
    throw new Refusal("Say whom the token speaks for with --user; only --scope service may go without.");
  }
  const { JWT_SECRET } = readSecrets(secretsFile);
  const userId = user === undefined ? undefined : await resolveUser(user, url, JWT_SECRET);
  process.stdout.write(`${await signToken(JWT_SECRET, { userId, scope, expiresInSeconds })}\n`);
  return 0;
}
