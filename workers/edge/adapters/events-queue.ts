import { type EventsMessage, parseRegionWeather, sendThrough } from "@vitrine/contracts";
import { seededSequence } from "@vitrine/vectors";
import type { Bindings } from "./bindings.ts";

const sleep = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis));
/** One luck an isolate, drawn on from message to message. */
let random: (() => number) | undefined;

/** Into the queue; in a simulation through its weather. */
export async function sendEvents(
  env: Pick<Bindings, "EVENTS_QUEUE" | "ENVIRONMENT" | "REGION_WEATHER">,
  message: EventsMessage,
): Promise<void> {
  const weather = parseRegionWeather(env);
  if (!weather) return void (await env.EVENTS_QUEUE.send(message));
  random ??= seededSequence(weather.seed);
  await sendThrough(weather, { random, sleep }, () => env.EVENTS_QUEUE.send(message));
}
