/** The command line: what may be typed, and its help. What each command does is given by `actions`. */
import { jobNames } from "@vitrine/contracts";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { defaultPort, defaultUrl } from "./address.ts";
import type { BenchFeedOptions } from "./bench-feed/command.ts";
import type { BenchImagesOptions } from "./bench-images/command.ts";
import type { CheckOptions } from "./check/check.ts";
import type { DeployOptions } from "./deploy/deploy.ts";
import type { EvalFeedOptions } from "./eval-feed/command.ts";
import type { FuzzImagesOptions } from "./fuzz-images/command.ts";
import type { ImportCommandOptions } from "./import/command.ts";
import type { JobCommandOptions } from "./jobs.ts";
import type { LoadCommandOptions } from "./load/command.ts";
import type { LoadImagesOptions } from "./load-images/command.ts";
import { addMeasures } from "./measures/program.ts";
import type { ModelsCommandOptions } from "./models.ts";
import type { SimRegionsOptions } from "./sim-regions/command.ts";
import type { StartOptions } from "./start/start.ts";
import { type Scope, scopes } from "./token.ts";
import type { TrainCommandOptions } from "./train/command.ts";
import { addTraining } from "./train/program.ts";

export interface TokenCommandOptions {
  user?: string;
  scope: Scope;
  expires: string;
  url: string;
}

/** Each answers the exit code. */
export interface Actions {
  start(options: StartOptions): Promise<number>;
  token(options: TokenCommandOptions): Promise<number>;
  import(options: ImportCommandOptions): Promise<number>;
  load(file: string, options: LoadCommandOptions): Promise<number>;
  runJob(name: string, options: JobCommandOptions): Promise<number>;
  train(options: TrainCommandOptions): Promise<number>;
  listModels(options: ModelsCommandOptions): Promise<number>;
  serveModel(version: string, options: ModelsCommandOptions): Promise<number>;
  deploy(options: DeployOptions): Promise<number>;
  check(options: CheckOptions): Promise<number>;
  typecheck(): Promise<number>;
  benchImages(options: BenchImagesOptions): Promise<number>;
  fuzzImages(folders: string[], options: FuzzImagesOptions): Promise<number>;
  loadImages(options: LoadImagesOptions): Promise<number>;
  evalFeed(options: EvalFeedOptions): Promise<number>;
  benchFeed(options: BenchFeedOptions): Promise<number>;
  simRegions(options: SimRegionsOptions): Promise<number>;
}

export function createProgram(actions: Actions, exit: (code: number) => void): Command {
  const program = new Command("vitrine").description("Run, fill, check and deploy Vitrine.").version("0.1.0");
  addStart(program, async (options) => exit(await actions.start(options)));
  addToken(program, async (options) => exit(await actions.token(options)));
  addImport(program, async (options) => exit(await actions.import(options)));
  addLoad(program, async (file, options) => exit(await actions.load(file, options)));
  addJobs(program, async (name, options) => exit(await actions.runJob(name, options)));
  addTraining(program, actions, exit);
  program
    .command("deploy")
    .description("Bundle every Worker for production, say what is missing, and deploy when nothing is.")
    .option("--dry-run", "bundle and say what is missing, and stop there", false)
    .addHelpText(
      "after",
      examples(
        "vitrine deploy --dry-run     # no account needed",
        "vitrine deploy               # docs/deploy.md first",
      ),
    )
    .action(async (options: DeployOptions) => exit(await actions.deploy(options)));
  program
    .command("check")
    .description("What `npm test` runs: Biome, types, the studio's build, every test.")
    .option("--skip-browser", "leave out the tests that need Chromium", false)
    .addHelpText("after", examples("vitrine check", "VITRINE_CHROMIUM=/opt/chrome/chrome vitrine check"))
    .action(async (options: CheckOptions) => exit(await actions.check(options)));
  program
    .command("typecheck")
    .description("Check the types of every workspace.")
    .action(async () => exit(await actions.typecheck()));
  addMeasures(program, actions, exit);
  program.addHelpText(
    "after",
    examples(
      "npm start",
      "npm start -- --photos ../my-photos --port 9000",
      "npx vitrine token --user ada --scope writer",
    ),
  );
  return program;
}

function addStart(program: Command, act: (options: StartOptions) => Promise<void>): void {
  program
    .command("start")
    .description("Start everything on this machine, with a demo or your pictures in it. Ctrl-C stops it.")
    .option("--photos <folder>", "import this folder; its sub-folders become boards")
    .option("--port <number>", "where to listen", parsePort, defaultPort)
    .option("--fresh", "throw the local data away first", false)
    .option("--no-demo", "start empty")
    .addHelpText(
      "after",
      examples(
        "vitrine start                              # the drawn demo, http://localhost:8787",
        "vitrine start --photos ../my-photos        # your pictures",
        "vitrine start --fresh --no-demo --port 9000",
      ),
    )
    .action(act);
}

function addToken(program: Command, act: (options: TokenCommandOptions) => Promise<void>): void {
  program
    .command("token")
    .description("Print a token for the local API, and nothing else.")
    .option("--user <handle or id>", "whom the token speaks for; a service token may go without")
    .addOption(
      new Option("--scope <scope>", "what it may do: read, also write, or act for any user")
        .choices(scopes)
        .default("reader"),
    )
    .option("--expires <time>", "how long it is good: 90s, 15m, 1h, 7d", "1h")
    .option("--url <address>", "the API that knows the handle", defaultUrl)
    .addHelpText(
      "after",
      examples(
        "vitrine token --user ada --scope writer",
        "vitrine token --scope service --expires 7d",
        `curl -H "Authorization: Bearer $(npx vitrine token --user ada)" ${defaultUrl}/v1/feed`,
      ),
    )
    .action(act);
}

function addImport(program: Command, act: (options: ImportCommandOptions) => Promise<void>): void {
  program
    .command("import")
    .description("Import a folder into a running Vitrine; doing it again continues and makes no doubles.")
    .requiredOption("--photos <folder>", "the folder; its sub-folders become boards")
    .requiredOption("--user <handle or id>", "who owns the boards")
    .option("--url <address>", "the API", defaultUrl)
    .option("--token <token>", "a service token; without it one is signed with .dev.vars")
    .addHelpText(
      "after",
      examples(
        "vitrine import --photos ../my-photos --user ada",
        'vitrine import --photos ./catalogue --user shop --url https://pins.example.com --token "$TOKEN"',
      ),
    )
    .action(act);
}

function addLoad(program: Command, act: (file: string, options: LoadCommandOptions) => Promise<void>): void {
  program
    .command("load")
    .description("Load users, boards, pins, saves and follows from a file; doing it again changes nothing.")
    .argument("<file>", "a JSON object a line (docs/loading.md), gzipped if its name ends in .gz")
    .option("--url <address>", "the API", defaultUrl)
    .option("--token <token>", "a service token; without it one is signed with .dev.vars")
    .option("--parallel <number>", "requests at a time", parseParallel, 2)
    .addHelpText(
      "after",
      examples(
        "vitrine load history.ndjson",
        'vitrine load history.ndjson.gz --url https://pins.example.com --token "$TOKEN" --parallel 4',
      ),
    )
    .action(act);
}

function addJobs(program: Command, act: (name: string, options: JobCommandOptions) => Promise<void>): void {
  program
    .command("jobs")
    .description("Work that a clock does in production.")
    .command("run")
    .description("Run a job now and print what it did.")
    .addArgument(
      new Argument("<name>", "queue what waits, learn interests anew, or delete what nothing needs").choices(jobNames),
    )
    .option("--url <address>", "the API", defaultUrl)
    .option("--token <token>", "a service token; without it one is signed with .dev.vars")
    .addHelpText(
      "after",
      examples(
        "vitrine jobs run codebook     # after an import, so that feeds know the new pictures",
        "vitrine jobs run sweep",
      ),
    )
    .action(act);
}

/** A database takes one request after the other: more only wait. */
const maxParallel = 16;

function parseParallel(text: string): number {
  const parallel = Number(text);
  if (Number.isInteger(parallel) && parallel >= 1 && parallel <= maxParallel) return parallel;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${maxParallel}.`);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 1 to 65535.");
}

export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
