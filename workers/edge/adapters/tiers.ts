/** The tiers of a cache that lie outside the isolate. */
import type { Entry, Tier } from "@vitrine/cache";
import { withDeadline } from "../deadline.ts";

/** How values are written down. */
export interface Codec<V> {
  encode(value: V): Uint8Array;
  /** May borrow the bytes. */
  decode(bytes: Uint8Array): V;
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
      return answer && parseEntry(await answer.arrayBuffer(), codec);
    },
    async put(key, entry) {
      const headers = { "Content-Type": "application/octet-stream", "Cache-Control": `max-age=${keepSeconds}` };
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
      const bytes = await inTime(kv.get(key, "arrayBuffer"));
      return bytes === null ? undefined : parseEntry(bytes, codec);
    },
    async put(key, entry) {
      await kv.put(key, formatEntry(entry, codec), { expirationTtl: Math.max(keepSeconds, minKeepSeconds) });
    },
    async delete(key) {
      await kv.delete(key);
    },
  };
}

/** The time in front (float64), so that the value is the codec's alone. */
const timeBytes = 8;

function formatEntry<V>({ madeAt, value }: Entry<V>, codec: Codec<V>): Uint8Array<ArrayBuffer> {
  const encoded = codec.encode(value);
  const bytes = new Uint8Array(timeBytes + encoded.length);
  new DataView(bytes.buffer).setFloat64(0, madeAt, true);
  bytes.set(encoded, timeBytes);
  return bytes;
}

function parseEntry<V>(bytes: ArrayBuffer, codec: Codec<V>): Entry<V> {
  const madeAt = new DataView(bytes).getFloat64(0, true);
  return { madeAt, value: codec.decode(new Uint8Array(bytes, timeBytes)) };
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return withDeadline(work, tierDeadlineMillis, "A cache");
}
