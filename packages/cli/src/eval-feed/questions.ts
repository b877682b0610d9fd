/** What is asked of the running API, and how its answers are judged. A question without an answer counts as a miss. */
import type { PinId, UserId } from "@vitrine/contracts";
import { bestOf, itemsOf, rankAmong } from "@vitrine/training";
import { eachOf } from "../import/pool.ts";
import type { Asking } from "../measures/asking.ts";
import { createProgress } from "../measures/progress.ts";
import { shuffled, type World } from "../measures/world.ts";
import type { HeldOutData } from "./files.ts";
import { errorOfMean, type RankFigures, Tally } from "./tally.ts";

export interface Examination {
  asking: Asking;
  world: World;
  data: HeldOutData;
}

/** The stack has two cores and this process one of them at times: more questions at a time only wait. */
const questionsAtATime = 4;
/** As many as `POST /v1/rank` takes. */
const pinsPerQuestion = 500;
const places = 10;

/** The held-out item of each user among the user's negatives, through `POST /v1/rank`. */
export async function askSampled(
  { asking, world, data }: Examination,
  users: readonly number[],
  accountIdOf: (user: number) => UserId,
): Promise<RankFigures> {
  const tally = new Tally();
  await each("users asked", users, async (user) => {
    const target = data.heldOut[user] ?? 0;
    // In an order that tells nothing of which is the one.
    const candidates = shuffled(Uint32Array.of(target, ...data.negativesOf(user)), user);
    const ranked = await asking.rank(accountIdOf(user), pinsOf(world, candidates));
    tally.add(rankOf(pinsOf(world, [target])[0], ranked?.items ?? []));
  });
  return tally.figures;
}

/** By score, so that a tie counts against us; infinite where it is not among them. */
export function rankOf(pinId: string | undefined, items: readonly { pinId: string; score: number }[]): number {
  const own = items.find((item) => item.pinId === pinId);
  if (!own) return Number.POSITIVE_INFINITY;
  return rankAmong(
    own.score,
    items.filter((item) => item !== own).map(({ score }) => score),
  );
}

export interface FullFigures extends RankFigures {
  /** Share of all pins that are on somebody's page. */
  coverageAt10: number;
}

export interface FeedFindings {
  figures: FullFigures;
  /** By user: the 0-based place of the held-out item on the page, infinite where it is not there. */
  ranks: Map<number, number>;
  /** Pins on the pages by why they are there. */
  reasons: Record<string, number>;
}

/** The first page of ten of each user's feed. */
export async function askFeeds(
  { asking, world, data }: Examination,
  users: readonly number[],
  accountIdOf: (user: number) => UserId,
): Promise<FeedFindings> {
  const judge = pagesJudge(world.pinIds.length);
  const reasons: Record<string, number> = {};
  await each("feeds read", users, async (user) => {
    const page = await asking.feed(accountIdOf(user), places);
    for (const { reason } of page?.items ?? []) reasons[reason] = (reasons[reason] ?? 0) + 1;
    judge.add(user, pinsOf(world, [data.heldOut[user] ?? 0])[0], page?.items.map(({ pin }) => pin.id) ?? []);
  });
  return { ...judge.findings(), reasons };
}

/** The best ten of all that a user has not saved, without sources and fragments: `POST /v1/rank` on every pin. */
export async function askCatalogue(
  { asking, world, data }: Examination,
  users: readonly number[],
  accountIdOf: (user: number) => UserId,
): Promise<Omit<FeedFindings, "reasons">> {
  const judge = pagesJudge(world.pinIds.length);
  await each("users asked about all pins", users, async (user) => {
    const saved = new Set(itemsOf(data.saves, user));
    const unsaved = world.pinIds.filter((_, item) => !saved.has(item));
    const best: { pinId: string; score: number }[] = [];
    for (let start = 0; start < unsaved.length; start += pinsPerQuestion) {
      const ranked = await asking.rank(accountIdOf(user), unsaved.slice(start, start + pinsPerQuestion), places);
      best.push(...(ranked?.items ?? []));
    }
    const scores = best.map(({ score }) => score);
    judge.add(
      user,
      pinsOf(world, [data.heldOut[user] ?? 0])[0],
      bestOf(scores, places).map((n) => best[n]?.pinId ?? ""),
    );
  });
  return judge.findings();
}

export interface PairedDifference {
  users: number;
  /** Hit rate of the first over the second, less one: below 0 where the first finds less. */
  relative: number;
  /** Hit rate of the first less that of the second, and its standard error over the same users. */
  difference: number;
  differenceError: number;
}

/** Of the users that both were asked about. */
export function pairedDifference(first: Map<number, number>, second: Map<number, number>): PairedDifference {
  const users = [...second.keys()].filter((user) => first.has(user));
  const hit = (ranks: Map<number, number>, user: number) => ((ranks.get(user) ?? places) < places ? 1 : 0);
  let [hits, otherHits, squares] = [0, 0, 0];
  for (const user of users) {
    hits += hit(first, user);
    otherHits += hit(second, user);
    squares += (hit(first, user) - hit(second, user)) ** 2;
  }
  const count = Math.max(1, users.length);
  const difference = (hits - otherHits) / count;
  return {
    users: users.length,
    relative: otherHits === 0 ? 0 : hits / otherHits - 1,
    difference,
    differenceError: errorOfMean(difference, squares / count, users.length),
  };
}

function pagesJudge(allPins: number) {
  const tally = new Tally();
  const shown = new Set<string>();
  const ranks = new Map<number, number>();
  return {
    add(user: number, target: PinId | undefined, page: readonly string[]) {
      const place = target === undefined ? -1 : page.slice(0, places).indexOf(target);
      const rank = place < 0 ? Number.POSITIVE_INFINITY : place;
      tally.add(rank);
      ranks.set(user, rank);
      for (const pinId of page.slice(0, places)) shown.add(pinId);
    },
    findings: () => ({ figures: { ...tally.figures, coverageAt10: shown.size / allPins }, ranks }),
  };
}

function pinsOf({ pinIds }: World, items: Iterable<number>): PinId[] {
  return Array.from(items, (item) => {
    const pinId = pinIds[item];
    if (pinId === undefined) throw new RangeError(`There is no pin of item ${item}.`);
    return pinId;
  });
}

async function each(what: string, users: readonly number[], work: (user: number) => Promise<void>): Promise<void> {
  const progress = createProgress(what, users.length);
  await eachOf(users, questionsAtATime, async (user) => {
    await work(user);
    progress.advance();
  }).finally(() => progress.stop());
}
