/**
 * Fragments in the isolate's memory. The same pins are in many fragments, so each is kept once and counted by how many hold
 * it: 256 interests of 100 pins out of 10,000 take 16 MB this way and 40 MB otherwise.
 */
import type { Entry, Tier } from "@vitrine/cache";
import type { PinId } from "@vitrine/contracts";
import type { Candidate, Fragment } from "@vitrine/ranking";

/** Card, embeddings (float32 by sight, int8 of the taste) and the objects around them. */
const candidateBytes = 1_500;
const referenceBytes = 16;
const fragmentBytes = 300;

interface Pooled {
  candidate: Candidate;
  holders: number;
  /** Of the fragment that last told about the pin. */
  builtAt: number;
}

/** A tier that also answers at once: what is in memory needs no waiting. */
export interface FragmentMemory extends Tier<Fragment> {
  /** Does not count as a reader. */
  peek(key: string): Entry<Fragment> | undefined;
  /** As `get`. */
  take(key: string): Entry<Fragment> | undefined;
}

/** The least recently read fragments go first when the bytes are used up. */
export function createFragmentMemory(maxBytes: number): FragmentMemory {
  const entries = new Map<string, Entry<Fragment>>(); // in the order of use, oldest first
  /** By model, for the numbers of a pin are another model's as little as another pin's. */
  const pools = new Map<string, Map<PinId, Pooled>>();
  let usedBytes = 0;

  const remove = (key: string) => {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    usedBytes -= fragmentBytes;
    const pool = pools.get(entry.value.model);
    for (const { pin } of entry.value.candidates) {
      usedBytes -= referenceBytes;
      const pooled = pool?.get(pin.id);
      if (!pooled || --pooled.holders > 0) continue;
      pool?.delete(pin.id);
      usedBytes -= candidateBytes;
    }
    if (pool?.size === 0) pools.delete(entry.value.model);
  };

  const hold = (pool: Map<PinId, Pooled>, candidate: Candidate, builtAt: number): Candidate => {
    usedBytes += referenceBytes;
    const pooled = pool.get(candidate.pin.id);
    if (!pooled) {
      pool.set(candidate.pin.id, { candidate, holders: 1, builtAt });
      usedBytes += candidateBytes;
      return candidate;
    }
    pooled.holders++;
    if (builtAt > pooled.builtAt) {
      pooled.builtAt = builtAt;
      Object.assign(pooled.candidate, candidate);
    }
    return pooled.candidate;
  };

  const take = (key: string) => {
    const entry = entries.get(key);
    if (!entry) return undefined;
    entries.delete(key);
    entries.set(key, entry);
    return entry;
  };

  return {
    name: "memory",
    peek: (key) => entries.get(key),
    take,
    get: async (key) => take(key),
    async put(key, { value, madeAt }) {
      const pool = pools.get(value.model) ?? new Map<PinId, Pooled>();
      pools.set(value.model, pool);
      const candidates = value.candidates.map((candidate) => hold(pool, candidate, value.builtAt));
      usedBytes += fragmentBytes;
      remove(key); // after holding, so that pins of both stay
      pools.set(value.model, pool);
      entries.set(key, { value: { ...value, candidates }, madeAt });
      for (const oldest of entries.keys()) {
        if (usedBytes <= maxBytes) break;
        remove(oldest);
      }
    },
    async delete(key) {
      remove(key);
    },
  };
}
