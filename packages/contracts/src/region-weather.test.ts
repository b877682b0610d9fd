import { expect, test } from "vitest";
import { callThrough, parseRegionWeather, type RegionWeather, sendThrough } from "./region-weather.ts";

const weather: RegionWeather = { loss: 0.1, minDelayMillis: 50, maxDelayMillis: 150, seed: 1 };
const text = JSON.stringify(weather);
const slept: number[] = [];

const elements = (luck: number) => ({
  random: () => luck,
  sleep: async (millis: number) => void slept.push(millis),
});

test("weather is for the local environment alone, and what is no weather is told", () => {
  expect(parseRegionWeather({ ENVIRONMENT: "local", REGION_WEATHER: text })).toEqual(weather);
  expect(parseRegionWeather({ ENVIRONMENT: "local" })).toBeNull();
  expect(parseRegionWeather({ ENVIRONMENT: "production", REGION_WEATHER: text })).toBeNull();
  expect(() => parseRegionWeather({ ENVIRONMENT: "local", REGION_WEATHER: '{"loss":2}' })).toThrow();
});

test.each([
  [0.05, 0],
  [0.5, 1],
  [0.95, 2],
])("a message with the luck of %d comes %d times, late", async (luck, times) => {
  slept.length = 0;
  let sent = 0;
  await sendThrough(weather, elements(luck), async () => ++sent);
  expect(sent).toBe(times);
  expect(slept).toEqual([50 + 100 * luck]);
});

test.each([
  [0.04, 0, "way there"],
  [0.09, 1, "way back"],
  [0.5, 1, undefined],
])("a call with the luck of %d is done %d times", async (luck, times, lost) => {
  let done = 0;
  const calling = callThrough(weather, elements(luck), async () => ++done);
  await (lost ? expect(calling).rejects.toThrow(lost) : expect(calling).resolves.toBe(1));
  expect(done).toBe(times);
});
