/**
 * Events: counts in D1, then new user embeddings in KV, then the word to the regions' stores: to the others of what a
 * user changed, to the one that sent it that all is done.
 *
 * Delivered once or often, in any order or grouping, the outcome is the same: D1 counts an action's id once, and a user
 * embedding is always made anew from D1. What fails on the way is not acknowledged, and the region's store sends it again.
 */
import {
  type Action,
  type EventsMessage,
  type Region,
  type RegionStoreService,
  regions,
  type UserId,
} from "@vitrine/contracts";
import {
  decodeServingModel,
  encodeUserEmbedding,
  type ServingModel,
  servingModelKey,
  userEmbeddingKey,
  userEmbeddingOf,
  userHistoryLimits,
} from "@vitrine/ranking";
import { countActions, type Databases, pinModelsOf, userHistory } from "@vitrine/store";
import { within } from "./bounded.ts";

export interface EventServices {
  databases: Databases;
  kv: Pick<KVNamespace, "get" | "put">;
  regionStore(region: Region): Pick<RegionStoreService, "acknowledge" | "adopt">;
}

/** Embeddings made side by side: each holds some 200 vectors, and D1 answers one query at a time anyway. */
const usersAtATime = 8;

/** A region's store answers in milliseconds, from the other side of the world in a second. */
const regionDeadlineMillis = 10_000;

/** Handles a batch of `vitrine-events`. Throws when D1 is down, so that the queue delivers again. */
export async function handleEvents(
  batch: { readonly messages: readonly { readonly body: EventsMessage }[] },
  services: EventServices,
): Promise<void> {
  const bodies = batch.messages.map(({ body }) => body);
  await countActions(
    services.databases,
    bodies.flatMap(({ actions }) => actions),
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
  const relayed = await Promise.all(bodies.flatMap((body) => relay(body, services)));
  await acknowledge(bodies, { users: failed, refreshes: new Set(relayed.flat()) }, services);
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
  const pins = model && (await pinModelsOf(databases, model.version, pinIds));
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

/** Tells the other regions of what users changed. Answers the ids of the refreshes of which one was not told. */
function relay({ region, refreshes = [] }: EventsMessage, services: EventServices): Promise<string[]>[] {
  const others = regions.filter((each) => each !== region);
  return refreshes.map(async ({ id, userId, change }) => {
    if (!change) return [];
    try {
      const told = Promise.all(others.map((other) => services.regionStore(other).adopt(userId, change)));
      await within(regionDeadlineMillis, "telling the other regions", told);
      return [];
    } catch (error) {
      console.error(`a change of ${userId} is not known in every region and will be sent again`, error);
      return [id];
    }
  });
}

async function acknowledge(
  bodies: readonly EventsMessage[],
  failed: { users: ReadonlySet<UserId>; refreshes: ReadonlySet<string> },
  { regionStore }: EventServices,
): Promise<void> {
  const done = new Map<Region, string[]>();
  for (const { region, actions, refreshes = [] } of bodies) {
    const relayed = refreshes.filter(({ id }) => !failed.refreshes.has(id));
    const ids = [...actions, ...relayed].filter(({ userId }) => !failed.users.has(userId)).map(({ id }) => id);
    done.set(region, [...(done.get(region) ?? []), ...ids]);
  }
  const told = [...done].map(async ([region, ids]) => {
    try {
      await regionStore(region).acknowledge(ids);
    } catch (error) {
      console.error(`the region's store of ${region} is not told and will send again`, error);
    }
  });
  await Promise.all(told);
}
