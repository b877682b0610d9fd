/** `vitrine bench-feed`: what a page of the feed costs over a route that does nothing, at a rate, for drawn users. */
import { cpus } from "node:os";
import { createClient } from "@vitrine/client";
import { itemsOf, type Saves } from "@vitrine/training";
import { openAsking } from "../measures/asking.ts";
import { bulkLoad } from "../measures/bulk-load.ts";
import { inOwnFolder } from "../measures/own-stack.ts";
import { trainByPlatform } from "../measures/platform-training.ts";
import { type Access, serviceToken } from "../measures/target.ts";
import { accountLines, accountOf, saveLines, type World, worldOf } from "../measures/world.ts";
import { startDirectStack } from "../stack/direct.ts";
import { startStack } from "../stack/stack.ts";
import { drawUsers } from "./drawn-users.ts";
import { driveFeeds, untilSettled, visitGently } from "./drive.ts";
import { type BenchFigures, figuresOf } from "./figures.ts";
import { benchLines } from "./report.ts";
import { scheduleOf } from "./schedule.ts";

export interface BenchFeedOptions {
  /** Feeds a second. */
  rate: number;
  seconds: number;
  /** Seconds before these that are not counted. */
  warmUp: number;
  pins: number;
  users: number;
  /** Saves for each hundred feeds. */
  saves: number;
  /** Feeds of who comes for the first time, of each hundred. */
  newcomers: number;
  proxy: "on" | "off" | "both";
  json: boolean;
}

export interface BenchRun {
  stack: "miniflare" | "wrangler dev";
  figures: BenchFigures;
}

/** Of the users, before anything is counted: by Zipf's law, 84 % of the feeds of 10,000 users are theirs. */
const visitedShare = 0.2;

const handleOf = (user: number) => `user-${user}`;

export async function benchFeed(options: BenchFeedOptions): Promise<number> {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const runs = await inOwnFolder((folder) => runOn(stacksOf(options.proxy), { folder, options, say }));
  if (options.json) console.log(JSON.stringify({ machine: machine(), options, runs }, null, 2));
  else for (const line of [...benchLines(runs, options), machine()]) console.log(line);
  return runs.some(({ figures }) => Object.keys(figures.errors).length > 0) ? 1 : 0;
}

interface Course {
  folder: string;
  options: BenchFeedOptions;
  say: (text: string) => void;
}

/** The same state serves all; each starts with nothing in the memory of its isolates. */
async function runOn(kinds: readonly BenchRun["stack"][], { folder, options, say }: Course): Promise<BenchRun[]> {
  const world = worldOf(options.pins);
  const { warmUp: warmUpSeconds, seconds, users, newcomers: newcomersPercent } = options;
  const driven = { ...options, seconds: warmUpSeconds + seconds, savesPercent: options.saves, newcomersPercent };
  const newcomersPerRun = Math.ceil((options.rate * driven.seconds * newcomersPercent) / 100);
  const saves = drawUsers({ pins: options.pins, users: users + newcomersPerRun * kinds.length });
  const runs: BenchRun[] = [];
  for (const kind of kinds) {
    const stack = await startOf[kind](folder, say);
    try {
      const access = { url: stack.url, token: await serviceToken(stack.secrets.JWT_SECRET) };
      if (runs.length === 0) await fill(access, { world, saves, users, say });
      const target = { access, world, handleOf };
      if (!(await untilSettled(target))) say("The machine does not come to rest: figures will be too high.");
      const visited = Math.ceil(options.users * visitedShare);
      say(`A page for each of the ${visited} users who come most often`);
      await visitGently(target, visited);
      say(`${options.rate} feeds a second for ${warmUpSeconds} + ${seconds} s, ${kind}`);
      const turns = scheduleOf({ ...driven, firstNewcomer: users + newcomersPerRun * runs.length });
      runs.push({ stack: kind, figures: figuresOf(await driveFeeds(target, turns, { warmUpSeconds })) });
    } finally {
      await stack.stop();
    }
  }
  return runs;
}

const startOf = {
  miniflare: (stateDir: string, onStep: (step: string) => void) => startDirectStack({ stateDir, onStep }),
  "wrangler dev": (stateDir: string, onStep: (step: string) => void) =>
    startStack({ port: 0, stateDir, quiet: true, untraced: true, onStep }),
} satisfies Record<BenchRun["stack"], unknown>;

function stacksOf(proxy: BenchFeedOptions["proxy"]): BenchRun["stack"][] {
  return proxy === "both" ? ["miniflare", "wrangler dev"] : [proxy === "on" ? "wrangler dev" : "miniflare"];
}

/** The first `users` are trained on; the others come later, so that no request and no training has seen them. */
async function fill(
  access: Access,
  { world, saves, users, say }: { world: World; saves: Saves; users: number; say: (text: string) => void },
): Promise<void> {
  const service = createClient({ baseUrl: access.url, token: access.token });
  const accounts = Array.from({ length: saves.users }, (_, user) => accountOf(handleOf(user)));
  const linesOf = function* (from: number, to: number) {
    yield* accountLines(accounts.slice(from, to));
    for (const [n, account] of accounts.slice(from, to).entries())
      yield* saveLines(world, account, itemsOf(saves, from + n));
  };
  await bulkLoad(service, "lines of pins, users and saves", function* () {
    yield* world.catalogue();
    yield* linesOf(0, users);
  });
  say("Training");
  const [account] = accounts;
  const [pinId] = world.pinIds;
  if (!account || !pinId) return;
  await trainByPlatform(service, { asking: openAsking(access), probe: { userId: account.id, pinId }, onNote: say });
  if (saves.users > users) await bulkLoad(service, "lines of newcomers", () => linesOf(users, saves.users));
}

function machine(): string {
  const processors = cpus();
  return `${processors[0]?.model.trim() ?? "unknown processor"}, ${processors.length} cores, Node ${process.versions.node}`;
}
