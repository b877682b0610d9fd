/** The experiments that a feed takes part in: known from memory, told of once. */
import { createMemoryTier, createReadThrough } from "@vitrine/cache";
import type { FeedPage, FeedSettings, Region, UserId } from "@vitrine/contracts";
import {
  type Assignment,
  assign,
  decodeExperiments,
  experimentsKey,
  mergedSettings,
  type RunningExperiment,
} from "@vitrine/ranking";
import { behindAnswer } from "../aftermath.ts";
import type { Services } from "../context.ts";
import { endingForAll, withDeadline } from "../deadline.ts";

/** A started experiment has its users, and a stopped one lost them, within this and KV's own minute. */
const freshMillis = 30_000;
/** Without KV, experiments go on as they were: users keep their variants. */
const staleMillis = 24 * 3_600_000;
const experimentsDeadlineMillis = 800;
/** 100 bytes each. Who falls out is told of again, which the region's store knows. */
const maxRememberedExposures = 20_000;

const memory = createMemoryTier<readonly RunningExperiment[]>({ maxBytes: 1, bytesOf: () => 1 });
const { read } = createReadThrough<readonly RunningExperiment[]>();
const remembered = new Set<string>();

export interface UserExperiments {
  assignments: Assignment[];
  /** What the assignments change, in one. */
  settings: FeedSettings;
  /** False when it is not known what runs: the page is as without experiments, and nobody counts as exposed. */
  isKnown: boolean;
}

const none: UserExperiments = { assignments: [], settings: {}, isKnown: true };

/** Never fails. Who has no token takes part in nothing. */
export async function experimentsOf(
  services: Pick<Services, "kv" | "waitUntil">,
  userId: UserId | null,
): Promise<UserExperiments> {
  if (userId === null) return none;
  try {
    const running = await withDeadline(loadExperiments(services), experimentsDeadlineMillis, "Experiments");
    if (running.length === 0) return none;
    const assignments = assign(running, userId);
    return { assignments, settings: mergedSettings(assignments), isKnown: true };
  } catch (error) {
    console.warn(`experiments are left out: ${error}`);
    return { ...none, isKnown: false };
  }
}

async function loadExperiments({
  kv,
  waitUntil,
}: Pick<Services, "kv" | "waitUntil">): Promise<readonly RunningExperiment[]> {
  const { value } = await read(experimentsKey, {
    tiers: [memory],
    make: async () => {
      const text = await endingForAll(kv.get(experimentsKey, { cacheTtl: 30 }), "KV");
      return text === null ? [] : decodeExperiments(text);
    },
    windowsOf: () => ({ freshMillis, staleMillis }),
    now: Date.now,
    defer: waitUntil,
  });
  return value;
}

/**
 * Tells the region's store, behind the answer, under which variants a user has seen a page: once an isolate, and once a
 * region by the store's own memory. Control and treatment are told of by the same rule, which keeps them comparable.
 * Answers the variants, as a page tells them.
 */
export function tellExposures(
  services: Pick<Services, "regionStore" | "waitUntil">,
  assignments: readonly Assignment[],
  { userId, region, now }: { userId: UserId | null; region: Region; now: number },
): Pick<FeedPage, "experiments"> {
  if (userId === null || assignments.length === 0) return {};
  const untold = assignments.filter(({ experimentId }) => !remembered.has(keyOf(experimentId, userId)));
  if (untold.length > 0)
    behindAnswer(services, "telling of exposures", tell(services, untold, { userId, region, now }));
  return { experiments: Object.fromEntries(assignments.map(({ experimentId, variant }) => [experimentId, variant])) };
}

async function tell(
  { regionStore }: Pick<Services, "regionStore">,
  assignments: readonly Assignment[],
  { userId, region, now: at }: { userId: UserId; region: Region; now: number },
): Promise<void> {
  await regionStore(region).expose(
    userId,
    assignments.map(({ experimentId, variant }) => ({ experimentId, variant, at })),
  );
  remember(assignments.map(({ experimentId }) => keyOf(experimentId, userId)));
}

function keyOf(experimentId: string, userId: UserId): string {
  return `${experimentId} ${userId}`;
}

function remember(keys: readonly string[]): void {
  for (const key of keys) remembered.add(key);
  for (const oldest of remembered) {
    if (remembered.size <= maxRememberedExposures) break;
    remembered.delete(oldest);
  }
}
