/** Who asks for what and when: the same for the same settings, so that two stacks get the same. */
import { type Region, regions } from "@vitrine/contracts";
import { seededSequence } from "@vitrine/vectors";
import { zipfSequence } from "./drawn-users.ts";

export type Turn =
  /** Without a region, where the stack is. */
  | { kind: "feed"; dueMillis: number; user: number; region?: Region }
  | { kind: "save"; dueMillis: number; user: number; item: number }
  | { kind: "trivial"; dueMillis: number };

export interface ScheduleOptions {
  /** Feeds a second. */
  rate: number;
  seconds: number;
  /** Saves for each hundred feeds. */
  savesPercent: number;
  /** For each hundred feeds; each asks once, in one region after the other. */
  newcomersPercent: number;
  /** Who come again and again. */
  users: number;
  firstNewcomer: number;
  pins: number;
}

/** A trivial request for so many feeds: enough for a p99, few enough to be no load of their own. */
const feedsPerTrivial = 4;
const seed = 23;

/** Ascending by when they are due. Saves and trivial requests stand between feeds, not on them. */
export function scheduleOf(options: ScheduleOptions): Turn[] {
  const { rate, seconds, savesPercent, newcomersPercent, users, firstNewcomer, pins } = options;
  const next = seededSequence(seed);
  const user = zipfSequence(users, next);
  const feeds = Math.max(1, Math.round(rate * seconds));
  const every = 1000 / rate;
  const turns: Turn[] = [];
  let owedSaves = 0;
  for (let n = 0, newcomers = 0; n < feeds; n++) {
    const isNewcomer = Math.floor(((n + 1) * newcomersPercent) / 100) > newcomers;
    const who = isNewcomer
      ? { user: firstNewcomer + newcomers, region: regions[newcomers++ % regions.length] ?? regions[0] }
      : { user: user() };
    turns.push({ kind: "feed", dueMillis: n * every, ...who });
    owedSaves += savesPercent / 100;
    for (; owedSaves >= 1; owedSaves--) {
      const item = Math.min(pins - 1, Math.floor(next() * pins));
      turns.push({ kind: "save", dueMillis: (n + 0.25) * every, user: user(), item });
    }
    if (n % feedsPerTrivial === 0) turns.push({ kind: "trivial", dueMillis: (n + 0.5) * every });
  }
  return turns;
}
