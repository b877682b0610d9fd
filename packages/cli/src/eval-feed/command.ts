/** `vitrine eval-feed`: how good the feed is on real saves, asked of the running API from its loading to its pages. */
import { createClient } from "@vitrine/client";
import { itemsOf, usersSpread } from "@vitrine/training";
import { openAsking } from "../measures/asking.ts";
import { bulkLoad } from "../measures/bulk-load.ts";
import { withOwnDirectStack } from "../measures/own-stack.ts";
import { watchMemory } from "../measures/peak-memory.ts";
import { type Trained, trainByPlatform } from "../measures/platform-training.ts";
import { type Access, serviceToken } from "../measures/target.ts";
import { accountLines, accountOf, saveLines, shuffled, type World, worldOf } from "../measures/world.ts";
import { Refusal } from "../refusal.ts";
import { type HeldOutData, readData } from "./files.ts";
import { examineNewcomers, type NewcomerFigures } from "./newcomers.ts";
import { popularityFloor } from "./popularity.ts";
import { askCatalogue, askFeeds, askSampled, type Examination, pairedDifference } from "./questions.ts";
import { type EvalFeedReport, reportLines } from "./report.ts";

export interface EvalFeedOptions {
  train: string;
  heldOut: string;
  negatives: string;
  /** How many users are asked by POST /v1/rank; all by default. */
  users?: number;
  /** How many feeds are read; all by default. */
  feedUsers?: number;
  newUsers: number;
  /** How many users are asked about all pins. */
  exactUsers: number;
  /** Load only the first so many users. */
  first?: number;
  json: boolean;
}

export async function evalFeed(options: EvalFeedOptions): Promise<number> {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const data = readData(options);
  const { saves, takenOut } = data;
  say(`${saves.users} users, ${saves.items} pins, ${saves.columns.length} saves; ${takenOut} held-out ones taken out`);
  const report = await withOwnDirectStack(say, async (stack) => {
    const access = { url: stack.url, token: await serviceToken(stack.secrets.JWT_SECRET) };
    return examine(access, data, { options, say });
  });
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else for (const line of reportLines(report)) console.log(line);
  return 0;
}

interface Course {
  options: EvalFeedOptions;
  say: (text: string) => void;
}

/** The saves in, the model out of them, the questions: in that order, and a table of what took how long. */
async function examine(access: Access, data: HeldOutData, { options, say }: Course): Promise<EvalFeedReport> {
  const startedAt = performance.now();
  const memory = watchMemory();
  const steps: Record<string, number> = {};
  const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    say(step);
    const from = performance.now();
    const result = await work();
    steps[step] = (performance.now() - from) / 1000;
    return result;
  };
  const world = worldOf(data.saves.items);
  const service = createClient({ baseUrl: access.url, token: access.token });
  const asking = openAsking(access);
  const examination = { asking, world, data };
  const all = Array.from({ length: data.saves.users }, (_, user) => user);
  const leftOut = usersSpread(data.saves.users, Math.min(options.newUsers, Math.floor(data.saves.users / 4)));
  const isLeftOut = new Set(leftOut);

  await timed("Loading pins", () => bulkLoad(service, "lines of the catalogue", world.catalogue));
  const trained = all.filter((user) => !isLeftOut.has(user));
  await timed("Loading users and saves", () => loadUsers(service, examination, trained));
  const train = () => trainByPlatform(service, { asking, probe: probeOf(examination, trained), onNote: say });
  let newUsers: NewcomerFigures[] = [];
  if (leftOut.length > 0) {
    await timed(`Training without ${leftOut.length} users`, train);
    newUsers = await timed("Asking as new users", () => examineNewcomers(service, examination, leftOut));
    await timed("Loading the users left out", () => loadUsers(service, examination, leftOut));
  }
  const { model, seconds: trainingSeconds } = await timed<Trained>("Training", train);
  const answers = await askAll(examination, options, timed);
  memory.stop();
  return {
    data: {
      users: data.saves.users,
      pins: data.saves.items,
      saves: data.saves.columns.length,
      takenOut: data.takenOut,
      negativesPerUser: data.negativesPerUser,
    },
    model,
    trainingSeconds,
    newUsers,
    ...answers,
    troubles: asking.troubles,
    steps,
    totalSeconds: (performance.now() - startedAt) / 1000,
    peakWorkerdBytes: memory.peak(),
    peakCommandBytes: process.resourceUsage().maxRSS * 1024,
  };
}

async function askAll(
  examination: Examination,
  options: EvalFeedOptions,
  timed: <T>(step: string, work: () => Promise<T>) => Promise<T>,
): Promise<Pick<EvalFeedReport, "popularity" | "sampled" | "full" | "fragments" | "reasons">> {
  const { users } = examination.data.saves;
  const idOf = (user: number) => accountOf(handleOf(user)).id;
  const sampledUsers = usersSpread(users, options.users ?? users);
  const fullUsers = spreadOver(sampledUsers, options.feedUsers ?? sampledUsers.length);
  const exactUsers = spreadOver(fullUsers, options.exactUsers);
  const sampled = await timed("Ranking held-out pins among negatives", () =>
    askSampled(examination, sampledUsers, idOf),
  );
  const { figures: full, ranks, reasons } = await timed("Reading feeds", () => askFeeds(examination, fullUsers, idOf));
  const exact =
    exactUsers.length === 0
      ? null
      : await timed("Ranking all pins without fragments", () => askCatalogue(examination, exactUsers, idOf));
  return {
    popularity: popularityFloor(examination.data, { sampledUsers, fullUsers }),
    sampled,
    full,
    reasons,
    fragments: exact && { without: exact.figures, ...pairedDifference(ranks, exact.ranks) },
  };
}

function handleOf(user: number): string {
  return `user-${user}`;
}

/** Saves in an order of their own: the files' may be that of the items. */
async function loadUsers(
  service: ReturnType<typeof createClient>,
  { world, data }: { world: World; data: HeldOutData },
  users: readonly number[],
): Promise<void> {
  await bulkLoad(service, "lines of users and saves", function* () {
    yield* accountLines(users.map((user) => accountOf(handleOf(user))));
    for (const user of users) {
      yield* saveLines(world, accountOf(handleOf(user)), shuffled(itemsOf(data.saves, user), user));
    }
  });
}

/** Somebody and a pin, by which it is seen what model answers. */
function probeOf({ world }: Examination, users: readonly number[]) {
  const [user] = users;
  const [pinId] = world.pinIds;
  if (user === undefined || pinId === undefined) throw new Refusal("The files hold no users: give some with saves.");
  return { userId: accountOf(handleOf(user)).id, pinId };
}

function spreadOver(users: readonly number[], count: number): number[] {
  return usersSpread(users.length, count).flatMap((n) => users[n] ?? []);
}
