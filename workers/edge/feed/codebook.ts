import { createMemoryTier, createReadThrough } from "@vitrine/cache";
import { type Codebook, codebookKey, decodeCodebook } from "@vitrine/ranking";
import type { Services } from "../context.ts";
import { endingForAll } from "../deadline.ts";

/** A new codebook is taken up within a minute; until then the old one's fragments serve. */
const freshMillis = 60_000;
/** The first codebook of a new catalogue should not be waited for. */
const absentMillis = 2_000;
/** A codebook in use is good for a day without KV. */
const staleMillis = 24 * 3_600_000;

/** One is in use at a time: at most 256 centroids of 512 bytes. */
const memory = createMemoryTier<{ codebook: Codebook | null }>({ maxBytes: 8, bytesOf: () => 1 });
const { read } = createReadThrough<{ codebook: Codebook | null }>();

/** The codebook of interests, or null while none was learned. */
export async function loadCodebook({ kv, waitUntil }: Pick<Services, "kv" | "waitUntil">): Promise<Codebook | null> {
  const { value } = await read(codebookKey, {
    tiers: [memory],
    make: async () => {
      const text = await endingForAll(kv.get(codebookKey, { cacheTtl: 30 }), "KV");
      return { codebook: text === null ? null : decodeCodebook(text) };
    },
    windowsOf: ({ codebook }) =>
      codebook ? { freshMillis, staleMillis } : { freshMillis: absentMillis, staleMillis: 0 },
    now: Date.now,
    defer: waitUntil,
  });
  return value.codebook;
}
