/** What is shown while something is down. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newBoardId, newPinId, newUserId, type PinId } from "@vitrine/contracts";
import { planForPreset, renditionKey } from "@vitrine/image";
import type { Databases } from "@vitrine/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { servicesOf } from "../adapters/services.ts";
import { createApp } from "../app.ts";
import type { Services } from "../context.ts";
import { forgetPin } from "../pin-access.ts";
import { problemOf } from "../testing/api.ts";

const down = () => Promise.reject(new Error("down"));
const bucketDown = { get: down, head: down, list: down, put: down } as unknown as R2Bucket;
const databaseDown = { forId: () => ({ all: down }) } as unknown as Databases;
const imagesDown = { rendition: down, prepare: down } as Services["images"];

/** What is broken now. */
let broken: Partial<Services> = {};
let behind: Promise<unknown>[] = [];
beforeEach(() => {
  broken = {};
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

const app = createApp(() => {
  const services = servicesOf(env, createExecutionContext(), new Request("https://edge.test/"));
  return { ...services, ...broken, waitUntil: (work) => void behind.push(work) };
});

async function ask(path: string): Promise<Response> {
  const response = await app.request(`https://edge.test${path}`, { headers: { accept: "image/webp" } });
  const body = await response.arrayBuffer();
  await Promise.allSettled(behind);
  behind = [];
  return new Response(body, response);
}

let count = 0;
const owner = newUserId("owner", { now: 1, random: 0 });

async function drawPin(): Promise<{ id: PinId; hash: string }> {
  const seed = { now: Date.now(), random: ++count / 1_000 };
  const [id, boardId] = [newPinId(owner, seed), newBoardId(owner, seed)];
  const hash = `f${count.toString(16).padStart(63, "0")}`;
  await env.ORIGINALS.put(hash, "original", { httpMetadata: { contentType: "image/jpeg" } });
  await env.DB_0.batch([
    env.DB_0.prepare(
      "INSERT INTO boards (id, owner_id, name, visibility, created_at) VALUES (?, ?, 'b', 'public', 1)",
    ).bind(...[boardId, owner]),
    env.DB_0.prepare(
      "INSERT INTO pins (id, user_id, board_id, original_hash, status, created_at, updated_at) VALUES (?, ?, ?, ?, 'ready', 1, 1)",
    ).bind(...[id, owner, boardId, hash]),
  ]);
  return { id, hash };
}

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

test("when all is down it is said when to ask again, and nothing of what broke", async () => {
  const { id } = await drawPin();
  broken = { images: imagesDown, renditions: bucketDown, originals: bucketDown };
  const refused = await ask(`/i/${id}/detail`);
  expect(refused.headers.get("retry-after")).toBe("5");
  expect((await problemOf(refused, 503)).detail).toBe("The picture cannot be made now: ask again in a few seconds.");
});
