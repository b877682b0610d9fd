import { callThrough, parseRegionWeather, type Region, type RegionStoreService } from "@vitrine/contracts";
import { seededSequence } from "@vitrine/vectors";
import type { Bindings } from "./bindings.ts";

type Told = Pick<RegionStoreService, "adopt" | "acknowledge">;

const sleep = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis));
/** One luck an isolate, drawn on from call to call. */
let random: (() => number) | undefined;

/** The store of a region; in a simulation through its weather. */
export function regionStoreOf(env: Bindings, region: Region): Told {
  const stub: unknown = env.REGION_STORE.get(env.REGION_STORE.idFromName(region), { locationHint: region });
  const store = stub as RegionStoreService; // the class belongs to the edge Worker, which is never imported here
  const weather = parseRegionWeather(env);
  if (!weather) return store;
  random ??= seededSequence(weather.seed + 1);
  const elements = { random, sleep };
  return {
    adopt: (adoption) => callThrough(weather, elements, () => store.adopt(adoption)),
    acknowledge: (ids) => callThrough(weather, elements, () => store.acknowledge(ids)),
  };
}
