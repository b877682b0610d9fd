import type { FeedPage, Pin } from "@vitrine/contracts";
import { expect, inject, test } from "vitest";
import { call, callJson, newBoard, newCaller, newReadyPin, untilSettled } from "./api.ts";
import { drawPicture } from "./pictures.ts";

test("what is on a secret board is seen by its members alone, renditions included", async () => {
  const [owner, friend, stranger] = [await newCaller("owner"), await newCaller("friend"), await newCaller("stranger")];
  const board = await newBoard(owner, "secret");
  const pin = await newReadyPin(owner, board, await drawPicture({ seed: 5, width: 300, height: 400 }));

  for (const path of [`/v1/pins/${pin}`, `/v1/boards/${board}`, `/v1/boards/${board}/pins`, `/i/${pin}/feed`]) {
    expect((await call(path)).status, path).toBe(404);
    expect((await call(path, { token: stranger.token })).status, path).toBe(404);
    expect((await call(path, { token: owner.token })).status, path).toBe(200);
    expect((await call(path, { token: friend.token })).status, path).toBe(404);
  }
  await callJson(`/v1/boards/${board}/collaborators/${friend.id}`, 200, { method: "PUT", token: owner.token });
  for (const path of [`/v1/pins/${pin}`, `/v1/boards/${board}`, `/i/${pin}/feed`]) {
    expect((await call(path, { token: friend.token })).status, path).toBe(200);
  }
});

test("a member's signed URL opens a secret rendition until it is tampered with", async () => {
  const owner = await newCaller("owner");
  const board = await newBoard(owner, "secret");
  const pin = await newReadyPin(owner, board, await drawPicture({ seed: 6, width: 300, height: 400 }));
  const { renditions } = await callJson<Pin>(`/v1/pins/${pin}`, 200, { token: owner.token });
  const signed = renditions?.feed ?? "";
  const open = await call(signed);
  expect(open.status).toBe(200);
  expect(open.headers.get("cache-control")).toMatch(/private/);
  const url = new URL(signed, inject("stackUrl"));
  url.searchParams.set("exp", String(Number(url.searchParams.get("exp")) + 60));
  expect((await call(url.pathname + url.search)).status).toBe(404);
  expect((await call(signed.replace("/feed", "/zoom"))).status).toBe(404);
});

test("a board that turns secret takes its pins out of renditions and feeds at once", async () => {
  const owner = await newCaller("owner");
  const board = await newBoard(owner);
  const pin = await newReadyPin(owner, board, await drawPicture({ seed: 7, width: 300, height: 400 }));
  expect((await call(`/i/${pin}/feed`)).status).toBe(200);
  await callJson(`/v1/boards/${board}`, 200, { method: "PATCH", token: owner.token, json: { visibility: "secret" } });
  expect((await call(`/i/${pin}/feed`)).status).toBe(404);
  const page = await callJson<FeedPage>("/v1/feed?limit=100", 200);
  expect(page.items.map((item) => item.pin.id)).not.toContain(pin);
});

test("a pin by URL is answered provisional and becomes ready; its redirects are followed", async () => {
  const owner = await newCaller("fetcher");
  const board = await newBoard(owner);
  for (const path of ["/picture.jpg", "/redirect"]) {
    const imageUrl = `http://${inject("pictureHost")}${path}`;
    const pin = await callJson<Pin>("/v1/pins", 202, { token: owner.token, json: { boardId: board, imageUrl } });
    expect(pin.status).toBe("provisional");
    const [settled] = await untilSettled([pin.id]);
    expect(settled).toMatchObject({ status: "ready", width: 500, height: 400 });
  }
});

test.each([
  "http://127.0.0.1/x.jpg",
  "http://[::1]/x.jpg",
  "http://169.254.169.254/latest/meta-data/",
  "http://2130706433/x.jpg",
  "http://[::ffff:10.0.0.1]/x.jpg",
  "http://localhost:8787/x.jpg",
  "ftp://example.com/x.jpg",
])("%s is never fetched", async (imageUrl) => {
  const owner = await newCaller("prober");
  const board = await newBoard(owner);
  const response = await call("/v1/pins", { token: owner.token, json: { boardId: board, imageUrl } });
  expect([400, 422]).toContain(response.status);
});

test.each([
  "/to-metadata",
  "/loop",
  "/page.html",
  "/gone",
])("a fetch that ends at %s fails with a sentence", async (path) => {
  const owner = await newCaller("prober");
  const board = await newBoard(owner);
  const imageUrl = `http://${inject("pictureHost")}${path}`;
  const pin = await callJson<Pin>("/v1/pins", 202, { token: owner.token, json: { boardId: board, imageUrl } });
  const [settled] = await untilSettled([pin.id]);
  expect(settled?.status).toBe("failed");
  expect(settled?.failure).toMatch(/\w+ .*\.$/);
});

test("an idempotency key makes one pin, even of twins that race", async () => {
  const owner = await newCaller("racer");
  const board = await newBoard(owner);
  const json = { boardId: board, title: "words alone" };
  const twins = await Promise.all(
    Array.from({ length: 5 }, () =>
      call("/v1/pins", { token: owner.token, json, headers: { "idempotency-key": "the-same-key-1" } }),
    ),
  );
  const ids = await Promise.all(twins.map(async (response) => ((await response.json()) as Pin).id));
  expect(new Set(ids).size).toBe(1);
});

test("nobody writes without a token", async () => {
  const owner = await newCaller("owner");
  const board = await newBoard(owner);
  for (const [path, json] of [
    ["/v1/boards", { name: "x" }],
    ["/v1/pins", { boardId: board, title: "x" }],
    ["/v1/users", { handle: "anybody" }],
    ["/v1/events", { events: [] }],
    ["/v1/jobs/sweep", {}],
  ] as const) {
    expect((await call(path, { json })).status, path).toBe(401);
  }
});
