import type { Entry, Tier } from "./tier.ts";

/**
 * A tier in the isolate's memory, bounded by bytes: the least recently read entries go first. Values are kept as they
 * are, so readers must not change them. An entry larger than the whole tier is not kept.
 */
export function createMemoryTier<V>({
  maxBytes,
  bytesOf,
}: {
  maxBytes: number;
  bytesOf: (value: V) => number;
}): Tier<V> {
  const entries = new Map<string, { entry: Entry<V>; bytes: number }>(); // in the order of use, oldest first
  let usedBytes = 0;

  const remove = (key: string) => {
    usedBytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };

  return {
    name: "memory",
    async get(key) {
      const known = entries.get(key);
      if (!known) return undefined;
      entries.delete(key);
      entries.set(key, known);
      return known.entry;
    },
    async put(key, entry) {
      remove(key);
      const bytes = bytesOf(entry.value);
      if (bytes > maxBytes) return;
      entries.set(key, { entry, bytes });
      usedBytes += bytes;
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
