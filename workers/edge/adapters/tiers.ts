/** The tiers of a cache that lie outside the isolate. */
import type { Entry, Tier } from "@vitrine/cache";
import { withDeadline } from "../deadline.ts";

/** How values are written down. */
export interface Codec<V> {
  encode(value: V): string;
  decode(text: string): V;
}

interface TierOptions<V> {
  codec: Codec<V>;
  /** After this no reader wants the entry. */
  keepSeconds: number;
}

/** KV refuses anything shorter. */
const minKeepSeconds = 60;
/** A tier that is slower than this is slower than making the value again. */
const tierDeadlineMillis = 500;

/** Keys may hold any characters; this host exists for no one but the cache. */
const cacheOrigin = "https://tier.vitrine.internal/";

/** The data centre's cache. It may forget at any time, and shares nothing with other data centres. */
export function createColoTier<V>(
  cache: Pick<Cache, "match" | "put" | "delete">,
  { codec, keepSeconds }: TierOptions<V>,
): Tier<V> {
  const urlOf = (key: string) => `${cacheOrigin}${encodeURIComponent(key)}`;
  return {
    name: "colo",
    async get(key) {
      const answer = await inTime(cache.match(urlOf(key)));
      return answer && parseEntry(await answer.text(), codec);
    },
    async put(key, entry) {
      const headers = { "Content-Type": "application/json", "Cache-Control": `max-age=${keepSeconds}` };
      await cache.put(urlOf(key), new Response(formatEntry(entry, codec), { headers }));
    },
    async delete(key) {
      await cache.delete(urlOf(key));
    },
  };
}

/** KV: read by every data centre, so the key must name the region that an entry is for. */
export function createRegionTier<V>(kv: KVNamespace, { codec, keepSeconds }: TierOptions<V>): Tier<V> {
  return {
    name: "region",
    async get(key) {
      const text = await inTime(kv.get(key));
      return text === null ? undefined : parseEntry(text, codec);
    },
    async put(key, entry) {
      await kv.put(key, formatEntry(entry, codec), { expirationTtl: Math.max(keepSeconds, minKeepSeconds) });
    },
    async delete(key) {
      await kv.delete(key);
    },
  };
}

/** The time in front, so that the value is the codec's alone. */
function formatEntry<V>({ madeAt, value }: Entry<V>, codec: Codec<V>): string {
  return `${madeAt}\n${codec.encode(value)}`;
}

function parseEntry<V>(text: string, codec: Codec<V>): Entry<V> {
  const end = text.indexOf("\n");
  return { madeAt: Number(text.slice(0, end)), value: codec.decode(text.slice(end + 1)) };
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return withDeadline(work, tierDeadlineMillis, "A cache");
}
