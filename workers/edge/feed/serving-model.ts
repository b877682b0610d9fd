import { createMemoryTier, createReadThrough } from "@vitrine/cache";
import { decodeServingModel, type ServingModel, servingModelKey } from "@vitrine/ranking";
import type { Services } from "../context.ts";
import { endingForAll } from "../deadline.ts";

/** A promoted model is taken up within a minute; until then the one before serves, whose rows and vectors are kept. */
const freshMillis = 60_000;
/** The first model of a new catalogue should not be waited for. */
const absentMillis = 2_000;
/** A model in use is good for a day without KV. */
const staleMillis = 24 * 3_600_000;

/** One is in use at a time: about 130 KB. */
const memory = createMemoryTier<{ model: ServingModel | null }>({ maxBytes: 8, bytesOf: () => 1 });
const { read } = createReadThrough<{ model: ServingModel | null }>();

/** The trained model that serves, or null while there is none. Fails when KV does and none is in memory. */
export async function loadServingModel({
  kv,
  waitUntil,
}: Pick<Services, "kv" | "waitUntil">): Promise<ServingModel | null> {
  const reading = read(servingModelKey, {
    tiers: [memory],
    make: async () => {
      const bytes = await endingForAll(kv.get(servingModelKey, { type: "arrayBuffer", cacheTtl: 30 }), "KV");
      return { model: bytes === null ? null : decodeServingModel(bytes) };
    },
    windowsOf: ({ model }) => (model ? { freshMillis, staleMillis } : { freshMillis: absentMillis, staleMillis: 0 }),
    now: Date.now,
    defer: waitUntil,
  });
  // Others wait for the same reading: it ends though this request may go on without it.
  waitUntil(reading.catch(() => undefined));
  return (await reading).value.model;
}
