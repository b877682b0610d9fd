import { env } from "cloudflare:workers";
import { newUserId, Problem, type UserId } from "@vitrine/contracts";
import { planForPreset, renditionKey } from "@vitrine/image";
import { expect, test } from "vitest";
import { forgetBoard, forgetPin } from "../pin-access.ts";
import { signRenditionPath } from "../signing.ts";
import { problemOf, tokenOf } from "../testing/api.ts";
import * as drawn from "../testing/drawn-pin.ts";
import { edgeWith } from "../testing/isolate.ts";
import { recordedImages } from "../testing/recorded-images.ts";

const { owner } = drawn;
const stranger = newUserId("stranger", { now: 1, random: 0 });
const images = recordedImages();
const ask = edgeWith(() => ({ images: images.service }));

const file = new TextEncoder().encode("the bytes as they came");
const drawPin = (drawing: drawn.PinDrawing = {}) => drawn.drawPin({ contentType: "image/jpeg", file, ...drawing });
const bearer = async (user: UserId) => ({ authorization: `Bearer ${await tokenOf(user, "reader")}` });

test("the format is negotiated, and the answer says so", async () => {
  const { id } = await drawPin();
  const webp = await ask(`/i/${id}/feed`, { accept: "image/avif,image/webp,*/*" });
  expect(webp.status).toBe(200);
  expect(webp.headers.get("content-type")).toBe("image/webp");
  expect(webp.headers.get("vary")).toBe("Accept");
  const jpeg = await ask(`/i/${id}/feed`, { accept: "*/*" });
  expect(jpeg.headers.get("content-type")).toBe("image/jpeg");
  expect(jpeg.headers.get("etag")).not.toBe(webp.headers.get("etag"));
  const named = await ask(`/i/${id}/feed.avif`, { accept: "image/webp" });
  expect(named.headers.get("content-type")).toBe("image/avif");
  expect(named.headers.get("vary")).toBeNull();
});

test("a transparent picture stays so for clients that take neither WebP nor AVIF", async () => {
  const header = [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 9, 0, 0, 0, 9, 8, 6, 0, 0, 0];
  const rest = [0, 0, 0, 0, 0, 0, 0, 0, 73, 69, 78, 68];
  const { id } = await drawPin({ contentType: "image/png", file: Uint8Array.from([...header, ...rest]) });
  expect((await ask(`/i/${id}/feed`)).headers.get("content-type")).toBe("image/png");
  expect((await ask(`/i/${id}/feed.jpg`)).headers.get("content-type")).toBe("image/jpeg");
});

test("the second answer comes from the colo's cache, without the images Worker", async () => {
  const { id, hash } = await drawPin();
  const first = await ask(`/i/${id}/detail.webp`);
  expect(first.headers.get("server-timing")).toBe('cache;desc="origin", decode;dur=1.0, miss');
  const second = await ask(`/i/${id}/detail.webp`);
  expect(second.headers.get("server-timing")).toBe('cache;desc="colo", hit');
  expect(await second.text()).toBe(await first.text());
  expect(images.asked).toEqual([{ originalHash: hash, plan: planForPreset("detail", "webp") }]);
});

test("headers let browsers keep, other origins read and nobody execute", async () => {
  const { id, hash } = await drawPin();
  const { headers } = await ask(`/i/${id}/feed.webp`);
  expect(Object.fromEntries(headers)).toMatchObject({
    "access-control-allow-origin": "*",
    "cache-control": expect.stringMatching(/^public, max-age=86400, stale-while-revalidate=\d+, stale-if-error=\d+$/),
    "cache-tag": `pin:${id},original:${hash}`,
    "content-disposition": "inline",
    "x-content-type-options": "nosniff",
    "content-security-policy": expect.stringContaining("sandbox"),
  });
});

test("its own ETag is answered 304 before any tier, another one with the picture", async () => {
  const { id } = await drawPin();
  const etag = (await ask(`/i/${id}/feed.webp`)).headers.get("etag") ?? "";
  images.asked.length = 0;
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const response = await ask(`/i/${id}/feed.webp`, { "if-none-match": known });
    expect(response.status, known).toBe(304);
    expect(response.headers.get("etag")).toBe(etag);
    expect(response.headers.get("cache-control")).toMatch(/max-age/);
    expect(await response.text()).toBe("");
  }
  expect((await ask(`/i/${id}/feed.webp`, { "if-none-match": '"other"' })).status).toBe(200);
  expect(images.asked).toEqual([]);
});

test("HEAD answers the headers of GET and no body", async () => {
  const { id } = await drawPin();
  const got = await ask(`/i/${id}/grid.jpg`);
  const head = await ask(`/i/${id}/grid.jpg`, {}, { method: "HEAD" });
  expect(head.status).toBe(200);
  expect(head.headers.get("etag")).toBe(got.headers.get("etag"));
  expect(head.headers.get("content-type")).toBe("image/jpeg");
  expect(await head.text()).toBe("");
  expect((await problemOf(await ask(`/i/${id}/grid.jpg`, {}, { method: "POST" }), 405)).code).toBe(
    "method-not-allowed",
  );
});

test("a secret pin is seen by members and with a signature, and is not there for others", async () => {
  const { id, boardId } = await drawPin({ visibility: "secret" });
  const path = `/i/${id}/feed.webp`;
  await problemOf(await ask(path), 404);
  await problemOf(await ask(path, await bearer(stranger)), 404);
  const seen = await ask(path, await bearer(owner));
  expect(seen.status).toBe(200);
  expect(seen.headers.get("cache-control")).toMatch(/^private/);
  expect(seen.headers.get("vary")).toBe("Authorization");
  // It lies in the colo's cache now, and still nobody else sees it.
  await problemOf(await ask(path), 404);
  await problemOf(await ask(`/i/${id}/original`, await bearer(stranger)), 404);

  await env.DB_0.prepare("INSERT INTO board_collaborators (board_id, user_id, created_at) VALUES (?, ?, 1)")
    .bind(boardId, stranger)
    .run();
  forgetBoard(boardId);
  expect((await ask(path, await bearer(stranger))).status).toBe(200);
});

test("a signature opens its own path until it expires", async () => {
  const { id } = await drawPin({ visibility: "secret" });
  const now = Math.floor(Date.now() / 1000);
  const key = env.SIGNING_KEY ?? "";
  const signed = await signRenditionPath(key, `/i/${id}/feed`, now + 60);
  expect((await ask(signed)).status).toBe(200);
  await problemOf(await ask(signed.replace("/feed", "/zoom")), 404);
  await problemOf(await ask(signed.replace(/exp=\d+/, `exp=${now + 9_999}`)), 404);
  await problemOf(await ask(signed.replace(/.$/, (last) => (last === "0" ? "1" : "0"))), 404);
  const expired = await signRenditionPath(key, `/i/${id}/feed`, now - 1);
  expect((await problemOf(await ask(expired), 410)).detail).toMatch(/expired/);
});

test("a deleted pin is gone at once where it was deleted", async () => {
  const { id } = await drawPin();
  expect((await ask(`/i/${id}/feed.webp`)).status).toBe(200);
  await env.DB_0.prepare("DELETE FROM pins WHERE id = ?").bind(id).run();
  expect((await ask(`/i/${id}/feed.webp`)).status).toBe(200); // remembered for half a minute elsewhere
  forgetPin(id);
  await problemOf(await ask(`/i/${id}/feed.webp`), 404);
});

test("what is not there says why", async () => {
  const words = await drawPin({ hasPicture: false });
  expect((await problemOf(await ask(`/i/${words.id}/feed`), 404)).detail).toMatch(/no picture/);
  const coming = await drawPin({ hasPicture: false, imageUrl: "https://example.com/a.jpg" });
  const pending = await ask(`/i/${coming.id}/feed`);
  expect(pending.headers.get("retry-after")).toBe("2");
  expect((await problemOf(pending, 404)).detail).toMatch(/not fetched yet/);
  await problemOf(await ask("/i/pin_000000000000000000/feed"), 404);
  await problemOf(await ask("/i/x'; drop table pins;--/feed"), 404);
  expect((await problemOf(await ask(`/i/${words.id}/poster`), 404)).detail).toMatch(/thumbnail, feed/);
});

test("the original comes as it came, whole or in part", async () => {
  const { id, hash } = await drawPin({ contentType: "image/png" });
  const whole = await ask(`/i/${id}/original`);
  expect(whole.headers.get("content-type")).toBe("image/png");
  expect(whole.headers.get("etag")).toBe(`"${hash}"`);
  expect(whole.headers.get("content-length")).toBe("22");
  expect(await whole.text()).toBe("the bytes as they came");
  for (const [range, part, described] of [
    ["bytes=4-8", "bytes", "bytes 4-8/22"],
    ["bytes=18-", "came", "bytes 18-21/22"],
    ["bytes=-4", "came", "bytes 18-21/22"],
    ["bytes=18-999", "came", "bytes 18-21/22"],
  ] as const) {
    const response = await ask(`/i/${id}/original`, { range });
    expect(response.status, range).toBe(206);
    expect(response.headers.get("content-range")).toBe(described);
    expect(await response.text()).toBe(part);
  }
  expect((await ask(`/i/${id}/original`, { range: "bytes=22-" })).status).toBe(416);
  expect((await ask(`/i/${id}/original`, { range: "bytes=8-4" })).status).toBe(200);
  expect((await ask(`/i/${id}/original`, { range: "bytes=0-3", "if-range": '"old"' })).status).toBe(200);
  expect((await ask(`/i/${id}/original`, { "if-none-match": `"${hash}"` })).status).toBe(304);
});

test("when nothing can be made, the nearest kept rendition stands in, and is not kept", async () => {
  const { id, hash } = await drawPin();
  for (const [preset, format] of [
    ["thumbnail", "webp"],
    ["detail", "webp"],
    ["zoom", "jpeg"],
  ] as const) {
    await env.RENDITIONS.put(renditionKey(hash, planForPreset(preset, format)), `kept ${preset}`);
  }
  images.rendition = () => Promise.reject(new Error("the images Worker is down"));
  const webp = await ask(`/i/${id}/feed`, { accept: "image/webp" });
  expect(await webp.text()).toBe("kept thumbnail");
  expect(webp.headers.get("server-timing")).toBe('cache;desc="r2", degraded;desc="thumbnail"');
  expect(webp.headers.get("cache-control")).toBe("private, max-age=5");
  expect(webp.headers.get("etag")).toBeNull();
  // A client that was not promised WebP gets what everybody shows.
  const jpeg = await ask(`/i/${id}/feed`);
  expect(await jpeg.text()).toBe("kept zoom");
  expect(jpeg.headers.get("content-type")).toBe("image/jpeg");
  const busy = new Problem("unavailable", "Too many at once.", { retryAfterSeconds: 2 });
  images.rendition = () => Promise.reject(busy);
  expect((await ask(`/i/${id}/feed`)).headers.get("server-timing")).toContain("degraded");
});

test("when nothing is kept the original stands in, if the client can show it", async () => {
  images.rendition = () => Promise.reject(new Problem("unavailable", "Too many at once.", { retryAfterSeconds: 2 }));
  const jpeg = await drawPin();
  const shown = await ask(`/i/${jpeg.id}/feed.webp`);
  expect(shown.headers.get("content-type")).toBe("image/jpeg");
  expect(shown.headers.get("server-timing")).toContain('degraded;desc="original"');
  const avif = await drawPin({ contentType: "image/avif" });
  const refused = await ask(`/i/${avif.id}/feed.webp`);
  expect(refused.headers.get("retry-after")).toBe("2");
  await problemOf(refused, 503);
});

test("a picture's own fault is told, and nothing stands in", async () => {
  const { id, hash } = await drawPin();
  await env.RENDITIONS.put(renditionKey(hash, planForPreset("thumbnail", "webp")), "kept");
  images.rendition = () => Promise.reject(new Problem("unprocessable-image", "The picture is damaged."));
  expect((await problemOf(await ask(`/i/${id}/feed.webp`), 422)).detail).toBe("The picture is damaged.");
});
