/** What is shown while something is down. */
import { env } from "cloudflare:workers";
import { planForPreset, renditionKey } from "@vitrine/image";
import type { Databases } from "@vitrine/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Services } from "../context.ts";
import { forgetPin } from "../pin-access.ts";
import { problemOf } from "../testing/api.ts";
import * as drawn from "../testing/drawn-pin.ts";
import { edgeWith } from "../testing/isolate.ts";

const down = () => Promise.reject(new Error("down"));
const bucketDown = { get: down, head: down, list: down, put: down } as unknown as R2Bucket;
const databaseDown = { forId: () => ({ all: down }) } as unknown as Databases;
const imagesDown = { rendition: down, prepare: down } as Services["images"];

/** What is broken now. */
let broken: Partial<Services> = {};
beforeEach(() => {
  broken = {};
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

const edge = edgeWith(() => broken);
const ask = (path: string) => edge(path, { accept: "image/webp" });

const drawPin = () => drawn.drawPin({ contentType: "image/jpeg", file: new TextEncoder().encode("original") });

test("the colo's copy needs neither images Worker nor bucket nor, for minutes, the database", async () => {
  const { id } = await drawPin();
  const first = await ask(`/i/${id}/feed.webp`);
  expect(first.headers.get("cache-control")).toMatch(/stale-while-revalidate=\d+, stale-if-error=\d+/);
  broken = { images: imagesDown, renditions: bucketDown, originals: bucketDown, databases: databaseDown };
  for (const minutes of [0, 1, 3]) {
    vi.setSystemTime(Date.now() + minutes * 60_000);
    const again = await ask(`/i/${id}/feed.webp`);
    expect([again.status, again.headers.get("server-timing")], `${minutes}`).toEqual([200, 'cache;desc="colo", hit']);
    expect(again.headers.get("etag")).toBe(first.headers.get("etag"));
  }
  vi.setSystemTime(Date.now() + 2 * 60_000); // no answer in between has made it young again
  const late = await ask(`/i/${id}/feed.webp`);
  expect(late.headers.get("retry-after")).toBe("5");
  await problemOf(late, 503);
});

test("a pin that was forgotten is not shown from memory while the database is down", async () => {
  const { id } = await drawPin();
  expect((await ask(`/i/${id}/feed.webp`)).status).toBe(200);
  forgetPin(id);
  broken = { databases: databaseDown };
  await problemOf(await ask(`/i/${id}/feed.webp`), 503);
});

test("when renditions cannot be listed the original stands in, and is not kept", async () => {
  const { id } = await drawPin();
  broken = { images: imagesDown, renditions: bucketDown };
  const shown = await ask(`/i/${id}/zoom.jpg`);
  expect(await shown.text()).toBe("original");
  expect(shown.headers.get("cache-control")).toBe("private, max-age=5");
  expect(shown.headers.get("etag")).toBeNull();
});

test("when the originals are down a kept rendition stands in", async () => {
  const { id, hash } = await drawPin();
  await env.RENDITIONS.put(renditionKey(hash, planForPreset("large", "webp")), "kept large");
  broken = { images: imagesDown, originals: bucketDown };
  const shown = await ask(`/i/${id}/detail`);
  expect(await shown.text()).toBe("kept large");
  expect(shown.headers.get("server-timing")).toContain('degraded;desc="large"');
});

test("what was made by options stands in where it is nearer, and never what is drawn on", async () => {
  const { id, hash } = await drawPin();
  const whole = { fit: "scale-down", width: 720, height: null, format: "webp", quality: 70 } as const;
  await env.RENDITIONS.put(renditionKey(hash, planForPreset("grid", "webp")), "kept grid");
  await env.RENDITIONS.put(renditionKey(hash, whole), "kept by options");
  await env.RENDITIONS.put(renditionKey(hash, { ...whole, width: 736, blur: 9 }), "kept with effects");
  broken = { images: imagesDown, originals: bucketDown };
  const shown = await ask(`/i/${id}/detail`);
  expect(await shown.text()).toBe("kept by options");
  expect(shown.headers.get("server-timing")).toContain('degraded;desc="options"');
});

test("when all is down it is said when to ask again, and nothing of what broke", async () => {
  const { id } = await drawPin();
  broken = { images: imagesDown, renditions: bucketDown, originals: bucketDown };
  const refused = await ask(`/i/${id}/detail`);
  expect(refused.headers.get("retry-after")).toBe("5");
  expect((await problemOf(refused, 503)).detail).toBe("The picture cannot be made now: ask again in a few seconds.");
});
