/**
 * Bad weather between regions, made on one machine: messages and calls are late, lost or come twice. Simulations and tests
 * set REGION_WEATHER; a deployment refuses it, whatever it says.
 */
import { z } from "zod";

export const RegionWeather = z.object({
  /** Share of messages and calls that are lost; as many messages come twice. */
  loss: z.number().min(0).max(0.9),
  /** Each is late by something between these. */
  minDelayMillis: z.number().int().min(0).max(10_000),
  maxDelayMillis: z.number().int().min(0).max(10_000),
  /** The same seed draws the same luck; the order in which it is drawn is the machine's. */
  seed: z.number().int().min(0),
});

export type RegionWeather = z.infer<typeof RegionWeather>;

/** Null for fair weather, and always where the environment is not the local one. Throws on text that is no weather. */
export function parseRegionWeather(env: {
  ENVIRONMENT: string;
  REGION_WEATHER?: string | undefined;
}): RegionWeather | null {
  if (!env.REGION_WEATHER || env.ENVIRONMENT !== "local") return null;
  return RegionWeather.parse(JSON.parse(env.REGION_WEATHER));
}

/** The platform's part of the weather. */
export interface Elements {
  /** 0..1. */
  random: () => number;
  sleep: (millis: number) => Promise<void>;
}

/** A message on its way: late, and then never, once or twice. Whoever sends it never learns which. */
export async function sendThrough(weather: RegionWeather, elements: Elements, send: () => Promise<unknown>) {
  const luck = elements.random();
  await delay(weather, elements);
  if (luck < weather.loss) return;
  await send();
  if (luck > 1 - weather.loss) await send();
}

/** A call: late, and lost on the way there or, after it was done all the same, on the way back. */
export async function callThrough<T>(weather: RegionWeather, elements: Elements, call: () => Promise<T>): Promise<T> {
  const luck = elements.random();
  await delay(weather, elements);
  if (luck < weather.loss / 2) throw new Error("lost on the way there, by REGION_WEATHER");
  const answer = await call();
  if (luck < weather.loss) throw new Error("lost on the way back, by REGION_WEATHER");
  return answer;
}

function delay({ minDelayMillis, maxDelayMillis }: RegionWeather, { random, sleep }: Elements): Promise<void> {
  return sleep(minDelayMillis + random() * Math.max(0, maxDelayMillis - minDelayMillis));
}
