/**
 * Reading through tiers: the nearest entry that may be used is answered, and what is stale is made anew behind the
 * answer (stale-while-revalidate, RFC 5861). An entry that is stale stays in use while making it fails, until its
 * stale window ends (stale-if-error). A tier that fails counts as empty: a cache never makes an answer fail.
 */
import { createSingleFlight } from "./single-flight.ts";
import type { Entry, Tier } from "./tier.ts";

export interface Windows {
  /** An entry up to this age is answered as it is. */
  freshMillis: number;
  /** For this long after, it is answered and made anew behind the answer; then it is no more. */
  staleMillis: number;
}

export interface Reading<V> {
  value: V;
  /** The name of the tier that answered, or `origin` when the value was made for this reading. */
  tier: string;
  isStale: boolean;
}

export interface ReadOptions<V> {
  /** Nearest first. */
  tiers: readonly Tier<V>[];
  /** Makes the value. Runs once for all who wait for the key in this isolate. */
  make: () => Promise<V>;
  windowsOf: (value: V) => Windows;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Keeps work going behind the answer. */
  defer: (work: Promise<unknown>) => void;
}

export interface ReadThrough<V> {
  /** The value from the nearest tier that may answer, or made. Fails when making it fails. */
  read(key: string, options: ReadOptions<V>): Promise<Reading<V>>;
  /** As `read`, but undefined where the value would have to be made now. */
  readKept(key: string, options: ReadOptions<V>): Promise<Reading<V> | undefined>;
}

/** A reader with a single-flight of its own: make one for each kind of value. */
export function createReadThrough<V>(): ReadThrough<V> {
  const once = createSingleFlight<Reading<V>>();

  async function readKept(key: string, options: ReadOptions<V>): Promise<Reading<V> | undefined> {
    for (const [depth, tier] of options.tiers.entries()) {
      const entry = await usable(tier, key, options);
      if (!entry) continue;
      const isStale = ageOf(entry, options) > options.windowsOf(entry.value).freshMillis;
      const farther = { ...options, tiers: options.tiers.slice(depth + 1) };
      const nearer = options.tiers.slice(0, depth);
      options.defer(isStale ? renew(key, farther, options.tiers) : keep(nearer, key, entry));
      return { value: entry.value, tier: tier.name, isStale };
    }
    return undefined;
  }

  return {
    readKept,
    read: async (key, options) => (await readKept(key, options)) ?? once(key, () => make(key, options)),
  };

  /** A farther tier may hold what another isolate has made meanwhile; else it is made here. */
  async function renew(key: string, options: ReadOptions<V>, allTiers: readonly Tier<V>[]): Promise<void> {
    const renewed = async (): Promise<Reading<V>> => {
      for (const [depth, tier] of options.tiers.entries()) {
        const entry = await usable(tier, key, options);
        if (!entry || ageOf(entry, options) > options.windowsOf(entry.value).freshMillis) continue;
        await keep(allTiers.slice(0, allTiers.length - options.tiers.length + depth), key, entry);
        return { value: entry.value, tier: tier.name, isStale: false };
      }
      return make(key, { ...options, tiers: allTiers });
    };
    await once(key, renewed).catch(() => undefined); // the stale entry stays in use
  }
}

async function make<V>(key: string, { tiers, make: makeValue, now, defer }: ReadOptions<V>): Promise<Reading<V>> {
  const madeAt = now();
  const value = await makeValue();
  const [nearest, ...farther] = tiers;
  const entry = { value, madeAt };
  // The nearest is memory: with the value in it, the next reader needs no flight. The others are behind the answer.
  await keep(nearest ? [nearest] : [], key, entry);
  defer(keep(farther, key, entry));
  return { value, tier: "origin", isStale: false };
}

async function usable<V>(tier: Tier<V>, key: string, options: ReadOptions<V>): Promise<Entry<V> | undefined> {
  const entry = await tier.get(key).catch(() => undefined);
  if (!entry) return undefined;
  const { freshMillis, staleMillis } = options.windowsOf(entry.value);
  return ageOf(entry, options) <= freshMillis + staleMillis ? entry : undefined;
}

function ageOf({ madeAt }: Entry<unknown>, { now }: { now: () => number }): number {
  return now() - madeAt;
}

async function keep<V>(tiers: readonly Tier<V>[], key: string, entry: Entry<V>): Promise<void> {
  await Promise.allSettled(tiers.map((tier) => tier.put(key, entry)));
}
