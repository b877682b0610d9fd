/** What a user does in one region, seen from another: through queue, ingest, KV and the regions' stores as they run. */
import type { FeedPage } from "@vitrine/contracts";
import { beforeAll, expect, test, vi } from "vitest";
import { type Caller, call, callJson, newBoard, newCaller, newReadyPins } from "./api.ts";
import { drawPicture } from "./pictures.ts";

/** Queues deliver within seconds, and the edge keeps what it read from KV for half a minute. */
const eventually = { timeout: 50_000, interval: 500 };

let maker: Caller;
let viewer: Caller;
let pins: string[];

beforeAll(async () => {
  [maker, viewer] = await Promise.all([newCaller("maker"), newCaller("viewer")]);
  const board = await newBoard(maker);
  const drawn = [71, 72, 73].map((seed) => drawPicture({ seed, width: 400, height: 300 }));
  pins = await newReadyPins(maker, board, await Promise.all(drawn));
  await callJson(`/v1/follows/${board}`, 201, { token: viewer.token, method: "PUT" });
});

async function shown(region: string): Promise<string[]> {
  const { items } = await callJson<FeedPage>(`/v1/feed?region=${region}&limit=100`, 200, { token: viewer.token });
  return items.map(({ pin }) => pin.id).filter((id) => pins.includes(id));
}

test("an unsave in Oceania is known in Western Europe, where the save was", async () => {
  const [saved = ""] = pins;
  await vi.waitFor(async () => expect(await shown("weur")).toContain(saved), eventually);
  await callJson("/v1/saves?region=weur", 201, { token: viewer.token, json: { pinId: saved } });
  expect(await shown("weur")).not.toContain(saved);
  const unsaved = await call(`/v1/saves/${saved}?region=oc`, { token: viewer.token, method: "DELETE" });
  expect(unsaved.status).toBe(204);
  await vi.waitFor(async () => expect(await shown("weur")).toContain(saved), eventually);
});

test("a block is known in its region at once, in another soon, and so is its end", async () => {
  const block = (method: string, region: string) =>
    call(`/v1/users/${maker.id}/block?region=${region}`, { token: viewer.token, method });
  await vi.waitFor(async () => expect(await shown("oc")).toHaveLength(pins.length), eventually);
  expect((await block("PUT", "weur")).status).toBe(201);
  expect(await shown("weur")).toEqual([]);
  await vi.waitFor(async () => expect(await shown("oc")).toEqual([]), eventually);
  expect((await block("DELETE", "oc")).status).toBe(204);
  expect(await shown("oc")).toHaveLength(pins.length);
  await vi.waitFor(async () => expect(await shown("weur")).toHaveLength(pins.length), eventually);
});
