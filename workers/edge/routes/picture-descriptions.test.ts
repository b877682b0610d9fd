import { env } from "cloudflare:workers";
import {
  type PictureDescription,
  type PictureSources,
  type PinId,
  type PreparedPicture,
  Problem,
  type UserId,
} from "@vitrine/contracts";
import { placeholderKey, placeholderSide } from "@vitrine/image";
import { beforeEach, expect, test } from "vitest";
import { signRenditionPath } from "../signing.ts";
import { png, problemOf, read, tokenOf } from "../testing/api.ts";
import * as drawn from "../testing/drawn-pin.ts";
import { edgeWith } from "../testing/isolate.ts";
import { recordedImages } from "../testing/recorded-images.ts";

/** A red raster; the images Worker knows the original's size. */
const red: PreparedPicture = {
  width: 3000,
  height: 2000,
  raster: {
    width: 6,
    height: 4,
    data: Uint8Array.from({ length: 96 }, (_, i) => (i % 4 === 0 || i % 4 === 3 ? 255 : 0)),
  },
};
const images = recordedImages();
beforeEach(() => {
  images.prepare = async () => red;
});
const ask = edgeWith(() => ({ images: images.service }));

const { owner } = drawn;
const bearer = async (user: UserId) => ({ authorization: `Bearer ${await tokenOf(user, "reader")}` });

async function drawPin({ isProcessed = true, ...drawing }: drawn.PinDrawing & { isProcessed?: boolean } = {}) {
  const file = await png(7, { width: 800, height: 600 }).arrayBuffer();
  const { id, hash } = await drawn.drawPin({ file, ...drawing });
  const features = isProcessed ? [3000, 2000, "00ff00ff00ff00ff", '["#aabbcc","#112233"]'] : [null, null, null, null];
  await env.DB_0.prepare(
    "INSERT INTO originals (hash, content_type, bytes, width, height, perceptual_hash, colors, first_pin_id, created_at) VALUES (?, 'image/png', 1, ?, ?, ?, ?, ?, 1)",
  )
    .bind(hash, ...features, id)
    .run();
  return { id, hash };
}

const sourcesOf = async (id: PinId, headers = {}) => read<PictureSources>(ask(`/i/${id}/srcset.json`, headers), 200);

test("a page gets every width of a picture from its stored size, without a pixel", async () => {
  const { id } = await drawPin();
  const sources = await sourcesOf(id);
  expect(sources).toMatchObject({
    src: `/i/${id}/detail`,
    srcset: `/i/${id}/medium 236w, /i/${id}/feed 474w, /i/${id}/detail 736w, /i/${id}/zoom 1200w`,
    sizes: "(max-width: 1200px) 100vw, 1200px",
    width: 3000,
    height: 2000,
    color: "#aabbcc",
  });
  expect(sources.renditions).toHaveLength(14);
  expect(sources.renditions).toContainEqual({
    preset: "feed",
    url: `/i/${id}/feed.jpg`,
    width: 474,
    height: 316,
    type: "image/jpeg",
  });
  expect(images.prepared).toEqual([]);
});

test("before ingest is done the size comes from the header", async () => {
  const { id } = await drawPin({ isProcessed: false });
  expect(await sourcesOf(id)).toMatchObject({ width: 800, height: 600, color: null });
});

test("sources are kept as renditions are, and asked again when the colour is known", async () => {
  const { id, hash } = await drawPin({ isProcessed: false });
  const first = await ask(`/i/${id}/srcset.json`);
  expect(first.headers.get("cache-control")).toMatch(/^public, .*stale-while-revalidate=\d+, stale-if-error=\d+/);
  expect(first.headers.get("cache-tag")).toBe(`pin:${id},original:${hash}`);
  const known = { "if-none-match": first.headers.get("etag") ?? "" };
  expect((await ask(`/i/${id}/srcset.json`, known)).status).toBe(304);
  await env.DB_0.prepare("UPDATE originals SET colors = '[\"#010203\"]' WHERE hash = ?").bind(hash).run();
  expect((await ask(`/i/${id}/srcset.json`, known)).status).toBe(200);
});

test("a secret pin's sources are for members, and its URLs are signed", async () => {
  const { id } = await drawPin({ visibility: "secret" });
  await problemOf(await ask(`/i/${id}/srcset.json`), 404);
  await problemOf(await ask(`/i/${id}/placeholder.json`), 404);
  const sources = await sourcesOf(id, await bearer(owner));
  const urls = [
    sources.src,
    ...sources.srcset.split(", ").map((each) => each.split(" ")[0] ?? ""),
    ...sources.renditions.map(({ url }) => url),
  ];
  for (const url of urls) expect(url).toMatch(/\?exp=\d+&sig=[0-9a-f]{64}$/);
  const opened = await ask(sources.renditions[0]?.url ?? "");
  expect([opened.status, opened.headers.get("server-timing")]).toEqual([200, expect.stringContaining("miss")]);
  await opened.body?.cancel();
});

test("a signed URL of the sources gives out nothing that lasts longer than itself", async () => {
  const { id } = await drawPin({ visibility: "secret" });
  const end = Math.floor(Date.now() / 1000) + 60;
  const signed = await signRenditionPath(env.SIGNING_KEY ?? "", `/i/${id}/srcset.json`, end);
  const sources = await read<PictureSources>(ask(signed), 200);
  expect(sources.src).toContain(`?exp=${end}&`);
});

test("a picture is described by its placeholders and what ingest found out", async () => {
  const { id } = await drawPin();
  const description = await read<PictureDescription>(ask(`/i/${id}/placeholder.json`), 200);
  expect(description).toEqual({
    width: 3000,
    height: 2000,
    format: "png",
    colors: ["#aabbcc", "#112233"],
    perceptualHash: "00ff00ff00ff00ff",
    blurhash: expect.stringMatching(/^.{28}$/),
    thumbhash: expect.stringMatching(/^[\w+/=]+$/),
  });
  expect(images.prepared).toEqual([{ originalHash: expect.any(String), plans: [], rasterSide: placeholderSide }]);
  const blurhash = await ask(`/i/${id}/placeholder.blurhash`);
  expect(blurhash.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(await blurhash.text()).toBe(description.blurhash);
  expect(await (await ask(`/i/${id}/placeholder.thumbhash`)).text()).toBe(description.thumbhash);
});

test("a placeholder is made once, and lies in the colo and in the bucket", async () => {
  const { id, hash } = await drawPin();
  const timing = async () => (await ask(`/i/${id}/placeholder.json`)).headers.get("server-timing");
  expect(await timing()).toBe('cache;desc="origin", miss');
  expect(await timing()).toBe('cache;desc="colo", hit');
  await caches.default.delete(`https://renditions.vitrine.internal/${placeholderKey(hash)}`);
  expect(await timing()).toBe('cache;desc="r2", hit');
  expect(images.prepared).toHaveLength(1);
});

test("before ingest is done the mean colour stands in, and is asked again later", async () => {
  const { id, hash } = await drawPin({ isProcessed: false });
  const first = await ask(`/i/${id}/placeholder.json`);
  expect(await first.clone().json()).toMatchObject({
    perceptualHash: null,
    colors: [expect.stringMatching(/^#f.0.0.$/)],
  });
  const known = { "if-none-match": first.headers.get("etag") ?? "" };
  expect((await ask(`/i/${id}/placeholder.json`, known)).status).toBe(304);
  await env.DB_0.prepare("UPDATE originals SET perceptual_hash = '00ff00ff00ff00ff' WHERE hash = ?").bind(hash).run();
  expect((await ask(`/i/${id}/placeholder.json`, known)).status).toBe(200);
});

test("what cannot be made is told, by whose fault it is", async () => {
  const { id } = await drawPin();
  images.prepare = () => Promise.reject(new Problem("unprocessable-image", "The picture is damaged."));
  await problemOf(await ask(`/i/${id}/placeholder.json`), 422);
  images.prepare = () => Promise.reject(new Error("the images Worker is down"));
  expect((await problemOf(await ask(`/i/${id}/placeholder.json`), 503)).detail).toMatch(/again/);
  await problemOf(await ask("/i/pin_000000000000000000/srcset.json"), 404);
  await problemOf(await ask("/i/x/placeholder.json"), 400);
});
