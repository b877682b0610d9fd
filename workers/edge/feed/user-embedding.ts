/**
 * The user embedding through the tiers: isolate memory (decoded, so that a scroll does not decode again), KV, and for who
 * has none there, or one of another model, D1: made at the first request and kept for all that follow, also where there is
 * nothing to know.
 */
import { createMemoryTier, createReadThrough } from "@vitrine/cache";
import type { UserId } from "@vitrine/contracts";
import {
  bytesOfUserEmbedding,
  decodeUserEmbedding,
  encodeUserEmbedding,
  isEmptyUserEmbedding,
  type ServingModel,
  type UserEmbedding,
  userEmbeddingKey,
  userEmbeddingOf,
  userHistoryLimits,
} from "@vitrine/ranking";
import { userHistory } from "@vitrine/store";
import { behindAnswer } from "../aftermath.ts";
import type { Services } from "../context.ts";
import { endingForAll, withDeadline } from "../deadline.ts";
import { createGate } from "../gate.ts";
import type { Calls } from "./calls.ts";
import { loadPinModels } from "./pin-models.ts";

export interface ReadEmbedding {
  /** Null where nothing could be had. */
  embedding: UserEmbedding | null;
  /** Whether it is missing, or of another model, because D1 is late or down, or too many are being made. */
  isPartial: boolean;
}

/** What is newer is in the region's store, so a page may go on with this for a minute: read anew it costs a decoding. */
const freshMillis = 60_000;
/** Answered at once, read anew behind the answer; so long a user is known while KV is down. */
const staleMillis = 10 * 60_000;
/** So long a user whose embedding could not be made goes on without before D1 is asked again. */
const partialMillis = 2_000;
/** Users that have done nothing are not kept in KV for long; their first action makes them known. */
const emptySeconds = 600;
/** A user's history and what the model knows of it are two round trips; a page does not wait longer. */
const makingDeadlineMillis = 500;
/**
 * Embeddings in the making, in all an isolate's requests: some 200 a second. Up to 32 more wait, for about 200 ms; who
 * comes beyond them has the next page with it.
 */
const making = createGate(6, { waiting: 32 });
/** Writes under way: one that finds no room is left, and the embedding made again where no memory has it. */
const keeping = createGate(24);
/** An isolate has 128 MB for code, bodies and this: some 400 users. */
const maxMemoryBytes = 16 * 1024 * 1024;

interface Asking {
  model: ServingModel | null;
  calls: Pick<Calls, "d1">;
}

type EmbeddingServices = Pick<Services, "kv" | "databases" | "waitUntil">;

const memory = createMemoryTier<ReadEmbedding>({
  maxBytes: maxMemoryBytes,
  bytesOf: ({ embedding }) => (embedding ? bytesOfUserEmbedding(embedding) : 100),
});
const { read } = createReadThrough<ReadEmbedding>();

/** Fails when KV does and memory has none. */
export async function readUserEmbedding(
  services: EmbeddingServices,
  userId: UserId,
  { model, calls }: Asking,
): Promise<ReadEmbedding> {
  const reading = read(`${userEmbeddingKey(userId)} ${model?.version}`, {
    tiers: [memory],
    make: () => find(services, userId, { model, calls }),
    windowsOf: ({ isPartial }) =>
      isPartial ? { freshMillis: partialMillis, staleMillis: 0 } : { freshMillis, staleMillis },
    now: Date.now,
    defer: services.waitUntil,
  });
  // Others wait for the same reading: it ends though this page may go on without it.
  services.waitUntil(reading.catch(() => undefined));
  return (await reading).value;
}

async function find(services: EmbeddingServices, userId: UserId, { model, calls }: Asking): Promise<ReadEmbedding> {
  const bytes = await endingForAll(
    services.kv.get(userEmbeddingKey(userId), { type: "arrayBuffer", cacheTtl: 30 }),
    "KV",
  );
  const kept = bytes && decodeUserEmbedding(bytes);
  if (kept && (!model || kept.collaborative?.model === model.version)) return { embedding: kept, isPartial: false };
  const made = making.enter(() => makeAndKeep(services, userId, model));
  if (!made) return { embedding: kept, isPartial: true };
  calls.d1 += model ? 1 + services.databases.all().length : 1;
  behindAnswer(services, "making a user embedding", made);
  try {
    const embedding = await withDeadline(made, makingDeadlineMillis, "The user's history");
    return { embedding, isPartial: false };
  } catch {
    return { embedding: kept, isPartial: true };
  }
}

async function makeAndKeep(
  services: EmbeddingServices,
  userId: UserId,
  model: ServingModel | null,
): Promise<UserEmbedding> {
  const { databases, kv, waitUntil } = services;
  // Before reading: what is written meanwhile is newer than the embedding, and the region's store has it.
  const through = Date.now();
  const history = await userHistory(databases, userId, userHistoryLimits);
  const pinIds = history.actions.map(({ pinId }) => pinId);
  const pins = model && (await loadPinModels({ databases, waitUntil, colo: null }, model.version, pinIds));
  const embedding = userEmbeddingOf(history, through, model && pins && { ...model, pins });
  const expiry = isEmptyUserEmbedding(embedding) ? { expirationTtl: emptySeconds } : {};
  const kept = keeping.enter(() => kv.put(userEmbeddingKey(userId), encodeUserEmbedding(embedding), expiry));
  if (kept) behindAnswer(services, "keeping a user embedding", kept);
  return embedding;
}
