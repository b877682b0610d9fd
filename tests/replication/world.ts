/** All regions' stores, D1 and KV as they run, and between them a network that the test makes as bad as it likes. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { EventsMessage, Region, RegionStoreService, UserId } from "@vitrine/contracts";
import { regions } from "@vitrine/contracts";
import { decodeUserEmbedding, embeddingWithout, hashOfId, takenBackSince, userEmbeddingKey } from "@vitrine/ranking";
import { databasesOf } from "@vitrine/store";
import * as schema from "@vitrine/store/schema";
import { drizzle } from "drizzle-orm/d1";
import type { RegionStore } from "../../workers/edge/adapters/region-store.ts";
import { type EventServices, handleEvents } from "../../workers/ingest/events.ts";

interface TestEnv {
  DB_0: D1Database;
  KV: KVNamespace;
  REGION_STORE: DurableObjectNamespace<RegionStore>;
}

export const { DB_0, KV, REGION_STORE } = env as unknown as TestEnv;

export const storeOf = (region: Region) => REGION_STORE.get(REGION_STORE.idFromName(region));

export interface Network {
  /** 0..1, each time anew. */
  random: () => number;
  /** Share of messages and calls that are lost; as many come twice. */
  loss: number;
}

/** What the stores sent and nobody has consumed. */
const queue: EventsMessage[] = [];

/** Forgets everything, and gives the stores a queue that is the test's. */
export async function beginAnew(users: readonly UserId[]): Promise<void> {
  queue.length = 0;
  await DB_0.batch(
    ["actions", "trending_hours", "saves", "follows", "blocks"].map((table) => DB_0.prepare(`DELETE FROM ${table}`)),
  );
  for (const user of users) await KV.delete(userEmbeddingKey(user));
  const send = async (message: EventsMessage) => void queue.push(message);
  for (const region of regions) {
    await runInDurableObject(storeOf(region), (instance, { storage: { sql } }) => {
      for (const table of ["actions", "withdrawals", "relations", "outbox"]) sql.exec(`DELETE FROM ${table}`);
      Object.defineProperty(instance, "env", { value: { EVENTS_QUEUE: { send } }, configurable: true });
    });
  }
}

/** Delivers what is in the queue, shuffled, in batches of any size; some messages never, some twice. */
export async function deliver(network: Network): Promise<void> {
  const sent = queue.splice(0);
  const arriving = sent
    .flatMap((message) => {
      const luck = network.random();
      if (luck < network.loss) return [];
      return luck > 1 - network.loss ? [message, message] : [message];
    })
    .map((message) => ({ message, place: network.random() }))
    .toSorted((a, b) => (network.loss > 0 ? a.place - b.place : 0))
    .map(({ message }) => ({ body: message }));
  while (arriving.length > 0) {
    const size = 1 + Math.floor(network.random() * 4);
    await handleEvents({ messages: arriving.splice(0, size) }, servicesOver(network));
  }
}

/** Makes everything in the outboxes due and sends it again. Answers how much there was. */
export async function resend(): Promise<number> {
  let waiting = 0;
  for (const region of regions) {
    waiting += await runInDurableObject(storeOf(region), (_, { storage: { sql } }) => {
      sql.exec("UPDATE outbox SET due_at = 0");
      return sql.exec<{ n: number }>("SELECT count(*) AS n FROM outbox").one().n;
    });
    await runDurableObjectAlarm(storeOf(region));
  }
  return waiting;
}

/** A call is lost on its way there or back: the second half was done all the same. */
function servicesOver({ random, loss }: Network): EventServices {
  const lossy = async (work: () => Promise<void>) => {
    const luck = random();
    if (luck < loss / 2) throw new Error("lost on the way there");
    await work();
    if (luck < loss) throw new Error("lost on the way back");
  };
  return {
    databases: databasesOf([drizzle(DB_0, { schema })]),
    kv: KV,
    regionStore: (region) => {
      const store = storeOf(region) as unknown as RegionStoreService;
      return {
        adopt: (adoption) => lossy(() => store.adopt(adoption)),
        acknowledge: (ids) => lossy(() => store.acknowledge(ids)),
      };
    },
  };
}

const storeQueries = [
  "SELECT id, user_id, pin_id, type, occurred_at, hex(embedding) AS embedding, model, item, hex(vector) AS vector FROM actions ORDER BY id",
  "SELECT * FROM withdrawals ORDER BY user_id, pin_id, type",
  "SELECT * FROM relations ORDER BY user_id, relation, target_id",
];

/** All that one region's store remembers of its users. */
export function stateOf(region: Region): Promise<unknown[][]> {
  return runInDurableObject(storeOf(region), (_, { storage: { sql } }) =>
    storeQueries.map((query) => sql.exec(query).toArray()),
  );
}

/** Hashes of what a page of the region takes for saved by the user: by the embedding in KV, and by the store. */
export async function savedByPages(region: Region, user: UserId): Promise<ReadonlySet<number>> {
  const bytes = await KV.get(userEmbeddingKey(user), "arrayBuffer");
  const embedding = bytes && decodeUserEmbedding(bytes);
  const activity = await (storeOf(region) as unknown as RegionStoreService).recent(user, 200);
  const known = embedding && embeddingWithout(embedding, takenBackSince(embedding, activity)).knownPins;
  const recent = activity.actions.flatMap(({ type, pinId }) => (type === "save" ? [hashOfId(pinId)] : []));
  return new Set([...(known ?? []), ...recent]);
}

/** What D1 counts, and what KV knows of the users but for when it was made. */
export async function stateOfAll(users: readonly UserId[]): Promise<unknown> {
  const counts = await DB_0.batch([
    DB_0.prepare("SELECT * FROM actions ORDER BY id"),
    DB_0.prepare("SELECT * FROM trending_hours ORDER BY region, hour, pin_id"),
    DB_0.prepare("SELECT * FROM saves ORDER BY user_id, pin_id"),
  ]);
  const embeddings = users.map(async (user) => {
    const bytes = await KV.get(userEmbeddingKey(user), "arrayBuffer");
    const embedding = bytes && decodeUserEmbedding(bytes);
    if (!embedding) return null;
    return {
      clusters: embedding.clusters.map(({ embedding: center, weight }) => [[...center], weight.toFixed(3)]),
      follows: embedding.follows,
      blocked: embedding.blocked.toSorted(),
      knownPins: [...embedding.knownPins].sort(),
    };
  });
  return { counts: counts.map(({ results }) => results), embeddings: await Promise.all(embeddings) };
}
