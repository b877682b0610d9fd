/**
 * After a model is promoted: the user embeddings of who saved last are made and put into KV, so that their first request
 * finds one. The others' are made by their first request, as those of new users.
 */
import type { ModelVersion } from "@vitrine/contracts";
import {
  decodeServingModel,
  encodeUserEmbedding,
  PinModelMemory,
  type ServingModel,
  userEmbeddingKey,
  userEmbeddingOf,
  userHistoryLimits,
} from "@vitrine/ranking";
import {
  type Database,
  lastSaveOfRecent,
  pinModelsOf,
  saversSince,
  servingModelRow,
  userHistories,
} from "@vitrine/store";
import { LostLockError } from "./report.ts";
import type { Steps, TrainingServices } from "./services.ts";

/** Over all databases; a write to KV each. */
const maxUsers = 50_000;
/** With the queries fewer than the 1,000 calls that a Worker may make. */
const usersPerStep = 500;
/** Their histories come by one query: 50 KB, and their pins by another, 1 MB at most while memory has none. */
const usersPerQuery = 20;

/** Between steps and models; of 10,000 pins nearly half, and most of what is saved. */
const memory = new PinModelMemory(20 * 1024 * 1024);

/** Never fails for what it makes: the model serves without. */
export async function prewarmUsers(services: TrainingServices, steps: Steps, version: ModelVersion): Promise<void> {
  try {
    for (let n = 0; n < services.databases.all().length; n++) await prewarmDatabase(services, steps, { version, n });
  } catch (error) {
    if (error instanceof Error && error.name === LostLockError.name) throw error;
    console.error(`users are not embedded ahead for ${version}`, error);
  }
}

async function prewarmDatabase(
  services: TrainingServices,
  steps: Steps,
  { version, n }: { version: ModelVersion; n: number },
): Promise<void> {
  const all = services.databases.all();
  const [database, most] = [all[n], Math.ceil(maxUsers / all.length)];
  if (!database) return;
  const since = await steps.do(`look for who saved last in database ${n}`, () => lastSaveOfRecent(database, most));
  for (let done = 0, after = ""; done < most; ) {
    const step = await steps.do(`embed users of database ${n} from ${done}`, () =>
      embedUsers(services, database, { version, since, after, limit: Math.min(usersPerStep, most - done) }),
    );
    if (step.count === 0) break;
    done += step.count;
    after = step.last;
  }
}

/** Answers how many it embedded and who was the last; nobody when another model serves by now. */
async function embedUsers(
  services: TrainingServices,
  database: Database,
  { version, ...wanted }: { version: ModelVersion; since: number; after: string; limit: number },
): Promise<{ count: number; last: string }> {
  const { databases, files } = services;
  const bytes = await files.read(version, "serving");
  if (!bytes || (await servingModelRow(databases))?.version !== version) return { count: 0, last: "" };
  const model = decodeServingModel(bytes.buffer);
  const users = await saversSince(database, wanted);
  for (let from = 0; from < users.length; from += usersPerQuery) {
    await embedSome(services, model, users.slice(from, from + usersPerQuery));
  }
  return { count: users.length, last: users.at(-1) ?? "" };
}

async function embedSome(
  { databases, kv, clock, pause }: TrainingServices,
  model: ServingModel,
  users: Awaited<ReturnType<typeof saversSince>>,
): Promise<void> {
  // Before reading, as ingest does: what is written meanwhile is newer than the embedding.
  const through = clock();
  const histories = await userHistories(databases, users, userHistoryLimits);
  const pinIds = [...histories.values()].flatMap(({ actions }) => actions.map(({ pinId }) => pinId));
  const pins = await memory.of(model.version, pinIds, (missing) => pinModelsOf(databases, model.version, missing));
  const writes: Promise<void>[] = [];
  for (const [userId, history] of histories) {
    const embedding = userEmbeddingOf(history, through, { ...model, pins });
    writes.push(kv.put(userEmbeddingKey(userId), encodeUserEmbedding(embedding)));
    // A millisecond of work each: requests come in between.
    await pause();
  }
  await Promise.all(writes);
}
