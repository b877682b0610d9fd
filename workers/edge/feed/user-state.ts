/** What a feed knows of its user: the long memory in KV and the short one in the region's store, side by side. */
import type { BoardId, PinId, RecentActivity, Region, RelationChange, UserId } from "@vitrine/contracts";
import {
  type CollaborativeTaste,
  embeddingWithout,
  type ServingModel,
  type Taste,
  takenBackSince,
  tasteOf,
} from "@vitrine/ranking";
import type { Services } from "../context.ts";
import { withDeadline } from "../deadline.ts";
import { type Calls, noCalls } from "./calls.ts";
import { foldRecent } from "./collaborative.ts";
import { buryInEmergency } from "./emergency.ts";
import { loadServingModel } from "./serving-model.ts";
import { readUserEmbedding } from "./user-embedding.ts";

/** A page waits this long for either memory, then goes on without it. */
const memoryDeadlineMillis = 800;
/** Actions of a session and then some; views are counted apart, so they cannot push a save out. */
const lastActions = 200;
/** How long a pin that was seen and passed by stays down. */
const tiredMillis = 24 * 3_600_000;

export interface UserState {
  taste: Taste;
  /** The model that serves; null while none does, or it is late. */
  model: ServingModel | null;
  /** The user among the pins of the model that serves; null while none does, or nothing is known of the user. */
  collaborative: CollaborativeTaste | null;
  follows: (UserId | BoardId)[];
  /** Hashes of pins that the user embedding knows as saved, created or hidden. */
  known: ReadonlySet<number>;
  recent: Set<PinId>;
  /** Out of the feeds of the region, or blocked by the user. */
  withheld: Set<string>;
  /** Pins that have had their share of the region's pages for this hour. */
  overexposed: ReadonlySet<PinId>;
  views: Map<PinId, number>;
  /** What was late or down. */
  degraded: string[];
}

type UserServices = Pick<Services, "kv" | "databases" | "colo" | "regionStore" | "waitUntil">;

/** What a region's store last said is out of feeds, or too often in them: holds on while the store is down. */
const lastWithheld = new Map<Region, Set<string>>();
const lastOverexposed = new Map<Region, Set<PinId>>();

/** Never fails; without a user, only the model and what is withheld from the region's feeds. */
export async function loadUserState(
  services: UserServices,
  { userId, region, now }: { userId: UserId | null; region: Region; now: number },
  calls: Pick<Calls, "d1"> = noCalls(),
): Promise<UserState> {
  const degraded = new Set<string>();
  const orDegraded = async <T>(work: Promise<T>, name: string): Promise<T | null> => {
    try {
      return await withDeadline(work, memoryDeadlineMillis, name);
    } catch (error) {
      console.warn(`${name} is left out: ${error}`);
      degraded.add(name);
      return null;
    }
  };
  const modelling = orDegraded(loadServingModel(services), "model");
  const remembering = async (of: UserId) => readUserEmbedding(services, of, { model: await modelling, calls });
  const [model, remembered, activity] = await Promise.all([
    modelling,
    userId && orDegraded(remembering(userId), "user-embedding"),
    orDegraded(readActivity(services, region, userId), "recent-actions"),
  ]);
  if (remembered?.isPartial) degraded.add("user-embedding");
  if (activity) {
    lastWithheld.set(region, new Set(activity.tombstones.map(({ id }) => id)));
    lastOverexposed.set(region, new Set(activity.overexposed));
  }
  const kept = remembered?.embedding ?? null;
  buryInEmergency(region, lastWithheld.get(region) ?? new Set());
  const actions = activity?.actions ?? [];
  const takenBack = kept && takenBackSince(kept, { withdrawals: activity?.withdrawals ?? [], actions });
  const embedding = kept && takenBack?.size ? embeddingWithout(kept, takenBack) : kept;
  const told = { embedding, actions, takenBack, now };
  const folded = userId && model ? await foldRecent({ ...services, calls }, model, told) : null;
  if (folded?.isPartial) degraded.add("recent-neighbours");
  return {
    taste: tasteOf(embedding, actions, now),
    model,
    collaborative: folded?.taste ?? null,
    follows: relatedTo("follow", embedding?.follows, activity),
    known: embedding?.knownPins ?? new Set(),
    recent: new Set(actions.filter(({ type }) => isKnowing(type)).map(({ pinId }) => pinId)),
    withheld: new Set([...(lastWithheld.get(region) ?? []), ...relatedTo("block", embedding?.blocked, activity)]),
    overexposed: lastOverexposed.get(region) ?? new Set(),
    views: viewsOf(actions, now - tiredMillis),
    degraded: [...degraded],
  };
}

async function readActivity(
  { regionStore }: Pick<Services, "regionStore">,
  region: Region,
  userId: UserId | null,
): Promise<RecentActivity> {
  return regionStore(region).recent(userId, lastActions);
}

function isKnowing(type: RecentActivity["actions"][number]["type"]): boolean {
  return type === "save" || type === "create" || type === "hide";
}

/** The region's word about a target is newer than the user embedding's. */
function relatedTo(
  relation: RelationChange["relation"],
  embedded: readonly (UserId | BoardId)[] = [],
  activity: RecentActivity | null,
): (UserId | BoardId)[] {
  const targets = new Set(embedded);
  for (const change of activity?.relations ?? []) {
    if (change.relation !== relation) continue;
    if (change.holds) targets.add(change.targetId);
    else targets.delete(change.targetId);
  }
  return [...targets];
}

function viewsOf(actions: RecentActivity["actions"], after: number): Map<PinId, number> {
  const views = new Map<PinId, number>();
  for (const { pinId, occurredAt } of actions) {
    if (occurredAt > after) views.set(pinId, (views.get(pinId) ?? 0) + 1);
  }
  return views;
}
