/** `vitrine bench-feed`: what a page of the feed costs over a route that does nothing, at a rate, for drawn users. */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@vitrine/client";
import { itemsOf, type Saves } from "@vitrine/training";
import { openAsking } from "../measures/asking.ts";
import { bulkLoad } from "../measures/bulk-load.ts";
import { trainByPlatform } from "../measures/platform-training.ts";
import { type Access, serviceToken } from "../measures/target.ts";
import { accountLines, accountOf, saveLines, type World, worldOf } from "../measures/world.ts";
import { startDirectStack } from "../stack/direct.ts";
import { startStack } from "../stack/stack.ts";
import { drawUsers } from "./drawn-users.ts";
import { driveFeeds } from "./drive.ts";
import { type BenchFigures, figuresOf } from "./figures.ts";
import { benchLines } from "./report.ts";
import { scheduleOf } from "./schedule.ts";

export interface BenchFeedOptions {
  /** Feeds a second. */
  rate: number;
  seconds: number;
  pins: number;
  users: number;
  /** Saves for each hundred feeds. */
  saves: number;
  proxy: "on" | "off" | "both";
  json: boolean;
}

export interface BenchRun {
  stack: "miniflare" | "wrangler dev";
  figures: BenchFigures;
}

const handleOf = (user: number) => `user-${user}`;

export async function benchFeed(options: BenchFeedOptions): Promise<number> {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const stateDir = mkdtempSync(join(tmpdir(), "vitrine-bench-feed-"));
  const runs: BenchRun[] = [];
  try {
    const world = worldOf(options.pins);
    const saves = drawUsers(options);
    let isFilled = false;
    for (const kind of stacksOf(options.proxy)) {
      const stack =
        kind === "miniflare"
          ? await startDirectStack({ stateDir, onStep: say })
          : await startStack({ port: 0, stateDir, quiet: true, onStep: say });
      try {
        const access = { url: stack.url, token: await serviceToken(stack.secrets.JWT_SECRET) };
        if (!isFilled) await fill(access, { world, saves, say });
        isFilled = true;
        const turns = scheduleOf({ ...options, savesPercent: options.saves });
        say(`${options.rate} feeds a second for ${options.seconds} s, ${kind}`);
        runs.push({ stack: kind, figures: figuresOf(await driveFeeds({ access, world, handleOf }, turns)) });
      } finally {
        await stack.stop();
      }
    }
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
  if (options.json) console.log(JSON.stringify({ machine: machine(), options, runs }, null, 2));
  else for (const line of [...benchLines(runs, options), machine()]) console.log(line);
  return runs.some(({ figures }) => Object.keys(figures.errors).length > 0) ? 1 : 0;
}

/** The same state serves both; each starts with nothing in the memory of its isolates. */
function stacksOf(proxy: BenchFeedOptions["proxy"]): BenchRun["stack"][] {
  return proxy === "both" ? ["miniflare", "wrangler dev"] : [proxy === "on" ? "wrangler dev" : "miniflare"];
}

async function fill(
  access: Access,
  { world, saves, say }: { world: World; saves: Saves; say: (text: string) => void },
): Promise<void> {
  const service = createClient({ baseUrl: access.url, token: access.token });
  const accounts = Array.from({ length: saves.users }, (_, user) => accountOf(handleOf(user)));
  await bulkLoad(service, "lines of pins, users and saves", function* () {
    yield* world.catalogue();
    yield* accountLines(accounts);
    for (const [user, account] of accounts.entries()) yield* saveLines(world, account, itemsOf(saves, user));
  });
  say("Training");
  const [account] = accounts;
  const [pinId] = world.pinIds;
  if (!account || !pinId) return;
  await trainByPlatform(access, { asking: openAsking(access), probe: { userId: account.id, pinId }, onNote: say });
}

function machine(): string {
  const processors = cpus();
  return `${processors[0]?.model.trim() ?? "unknown processor"}, ${processors.length} cores, Node ${process.versions.node}`;
}
