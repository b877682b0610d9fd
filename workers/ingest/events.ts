/**
 * Events: counts in D1, then new user embeddings in KV; beside both the word to the stores of the other regions. The store
 * that sent them is told which are done: those that D1, KV and every other region have.
 *
 * Delivered once or often, in any order or grouping, the outcome is the same: D1 counts an action's id once, a store keeps
 * it once, and a user embedding is always made anew from D1. What fails on the way is not acknowledged, and the region's
 * store sends it again; a region that is down keeps none of the others waiting.
 */
import type { Action, EventsMessage, PinId, Region, RegionStoreService, UserId } from "@vitrine/contracts";
import {
  decodeServingModel,
  encodeUserEmbedding,
  PinModelMemory,
  type ServingModel,
  servingModelKey,
  userEmbeddingKey,
  userEmbeddingOf,
  userHistoryLimits,
} from "@vitrine/ranking";
import { countActions, type Databases, keepExposures, pinModelsOf, userHistory } from "@vitrine/store";
import { within } from "./bounded.ts";
import { regionDeadlineMillis, relay } from "./relay.ts";

export interface EventServices {
  databases: Databases;
  kv: Pick<KVNamespace, "get" | "put">;
  regionStore(region: Region): Pick<RegionStoreService, "acknowledge" | "adopt">;
}

/** Embeddings made side by side: each holds some 200 vectors, and D1 answers one query at a time anyway. */
const usersAtATime = 8;

/** 1,700 pins with 500 neighbours each: a user acts again, and others on the same pins. */
const pinMemory = new PinModelMemory(8 * 1024 * 1024);

/** Handles a batch of `vitrine-events`. Throws when D1 is down, so that the queue delivers again. */
export async function handleEvents(
  batch: { readonly messages: readonly { readonly body: EventsMessage }[] },
  services: EventServices,
): Promise<void> {
  const bodies = batch.messages.map(({ body }) => body);
  const relayed = relay(bodies, services);
  await countActions(
    services.databases,
    bodies.flatMap(({ actions }) => actions),
  );
  await keepExposures(
    services.databases,
    bodies.flatMap(({ exposures = [] }) => exposures),
  );
  const users = [...new Set(bodies.flatMap(usersOf))];
  const failed = new Set<UserId>();
  // Read once a batch, and when KV is down each user's failure.
  const model = users.length > 0 ? readServingModel(services) : null;
  for (let start = 0; start < users.length; start += usersAtATime) {
    const embedded = users.slice(start, start + usersAtATime).map(async (userId) => {
      try {
        await embedUser(userId, await model, services);
      } catch (error) {
        console.error(`the user embedding of ${userId} is not made`, error);
        failed.add(userId);
      }
    });
    await Promise.all(embedded);
  }
  await acknowledge(bodies, { users: failed, regions: await relayed }, services);
}

/** Makes the user's embedding anew from what D1 holds and keeps it in KV. */
export async function embedUser(
  userId: UserId,
  model: ServingModel | null,
  { databases, kv }: EventServices,
): Promise<void> {
  // Before reading: what is written meanwhile is newer than the embedding, and feeds ask the region's store for it.
  const through = Date.now();
  const history = await userHistory(databases, userId, userHistoryLimits);
  const pinIds = history.actions.map(({ pinId }) => pinId);
  const readPins = (missing: PinId[]) => pinModelsOf(databases, model?.version ?? "", missing);
  const pins = model && (await pinMemory.of(model.version, pinIds, readPins));
  const embedding = userEmbeddingOf(history, through, model && pins && { ...model, pins });
  await kv.put(userEmbeddingKey(userId), encodeUserEmbedding(embedding));
}

async function readServingModel({ kv }: EventServices): Promise<ServingModel | null> {
  const bytes = await kv.get(servingModelKey, { type: "arrayBuffer", cacheTtl: 30 });
  return bytes === null ? null : decodeServingModel(bytes);
}

/** What a message is about that changes a user embedding: a view does not. */
function usersOf({ actions, refreshes = [] }: EventsMessage): UserId[] {
  return [...actions.filter(isTelling), ...refreshes].map(({ userId }) => userId);
}

function isTelling({ type }: Action): boolean {
  return type === "create" || type === "save" || type === "hide";
}

async function acknowledge(
  bodies: readonly EventsMessage[],
  failed: { users: ReadonlySet<UserId>; regions: ReadonlySet<Region> },
  { regionStore }: EventServices,
): Promise<void> {
  const done = new Map<Region, string[]>();
  for (const { region, actions, refreshes = [], exposures = [] } of bodies) {
    const isRelayed = [...failed.regions].every((each) => each === region);
    const relayed = isRelayed ? [...actions, ...refreshes].filter(({ userId }) => !failed.users.has(userId)) : [];
    const ids = [...relayed, ...exposures].map(({ id }) => id); // exposures are done once D1 has them
    if (ids.length > 0) done.set(region, [...(done.get(region) ?? []), ...ids]);
  }
  const told = [...done].map(async ([region, ids]) => {
    try {
      await within(regionDeadlineMillis, "acknowledging", regionStore(region).acknowledge(ids));
    } catch (error) {
      console.error(`the region's store of ${region} is not told and will send again`, error);
    }
  });
  await Promise.all(told);
}
