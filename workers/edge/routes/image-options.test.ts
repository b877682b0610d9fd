import { env } from "cloudflare:workers";
import { Problem } from "@vitrine/contracts";
import { planForPreset, renditionKey } from "@vitrine/image";
import { expect, test } from "vitest";
import { signRenditionPath } from "../signing.ts";
import { problemOf, tokenOf } from "../testing/api.ts";
import { drawPin, owner } from "../testing/drawn-pin.ts";
import { edgeWith } from "../testing/isolate.ts";
import { recordedImages } from "../testing/recorded-images.ts";

const images = recordedImages();
const ask = edgeWith(() => ({ images: images.service }));
const bearer = async () => ({ authorization: `Bearer ${await tokenOf(owner, "reader")}` });

test("options become a plan, and the answer has what a preset's has", async () => {
  const { id, hash } = await drawPin();
  const path = `/image/w=300,h=200,fit=cover,f=webp,q=70/${id}`;
  const first = await ask(path);
  expect(first.status).toBe(200);
  expect(images.asked).toEqual([
    { originalHash: hash, plan: { fit: "cover", width: 300, height: 200, format: "webp", quality: 70 } },
  ]);
  expect(Object.fromEntries(first.headers)).toMatchObject({
    "content-type": "image/webp",
    "cache-control": expect.stringMatching(/^public/),
    "cache-tag": `pin:${id},original:${hash}`,
    etag: expect.stringContaining("cover-300x200-q70.webp"),
  });
  expect(first.headers.get("vary")).toBeNull();
  const etag = first.headers.get("etag") ?? "";
  expect((await ask(path, { "if-none-match": etag })).status).toBe(304);
  const second = await ask(path);
  expect(second.headers.get("server-timing")).toBe('cache;desc="colo", hit');
  const head = await ask(path, {}, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  await problemOf(await ask(path, {}, { method: "POST" }), 405);
});

test("in another order, by aliases, by the alias of the path and percent-encoded it is the same rendition", async () => {
  const { id } = await drawPin();
  const etags = await Promise.all(
    [
      `/image/width=300,background=%23ff0000,height=200,fit=pad/${id}`,
      `/image/fit=pad,h=200,w=300,background=red/${id}`,
      `/cdn-cgi/image/h=200,background=rgb(255%2C0,0),fit=pad,w=300/${id}`,
      `/image/h=200,background=rgb(255,0,0),fit=pad,w=300/i/${id}/original`,
    ].map(async (path) => (await ask(path)).headers.get("etag")),
  );
  expect(etags[0]).toMatch(/pad-300x200/);
  expect(new Set(etags).size).toBe(1);
});

test("what the answer depends on is in Vary", async () => {
  const { id } = await drawPin();
  const varied = await ask(`/image/w=auto,f=auto,scq=30/${id}`, { accept: "image/webp", "save-data": "on" });
  expect(varied.headers.get("vary")).toBe(
    "Accept, Sec-CH-DPR, Sec-CH-Viewport-Width, User-Agent, Save-Data, ECT, RTT, Downlink",
  );
  expect(varied.headers.get("accept-ch")).toContain("Sec-CH-Viewport-Width");
  expect(images.asked[0]?.plan).toMatchObject({ width: 1200, format: "webp", quality: 30 });
  await ask(`/image/w=auto,f=auto/${id}`, { "sec-ch-viewport-width": "400", "sec-ch-dpr": "2" });
  expect(images.asked[1]?.plan).toMatchObject({ width: 960, format: "jpeg" });
  await ask(`/image/w=9/${id}`);
  expect(images.asked[2]?.plan.format).toBe("png");
});

test("format=auto is AVIF for who takes it, WebP where that would be too large, and a preset is WebP first", async () => {
  const { id } = await drawPin();
  const accept = "image/avif,image/webp,*/*;q=0.8";
  const small = await ask(`/image/w=300,fit=contain,f=auto/${id}`, { accept });
  expect([small.headers.get("content-type"), small.headers.get("vary")]).toEqual(["image/avif", "Accept"]);
  const large = await ask(`/image/w=1601,h=9,fit=pad,f=auto/${id}`, { accept });
  expect(large.headers.get("content-type")).toBe("image/webp");
  const etags = await Promise.all(
    [accept, "image/webp", "*/*"].map(async (each) => {
      const answered = await ask(`/image/w=300,fit=contain,f=auto/${id}`, { accept: each });
      return answered.headers.get("etag");
    }),
  );
  expect(etags[0]).toBe(small.headers.get("etag"));
  expect(etags.map((etag) => etag?.match(/\.(\w+)"$/)?.[1])).toEqual(["avif", "webp", "jpeg"]);
  expect((await ask(`/i/${id}/feed`, { accept })).headers.get("content-type")).toBe("image/webp");
});

test("bad options are told in one sentence, whatever they are", async () => {
  const { id } = await drawPin();
  for (const options of ["w=0", "wdth=3", "w=1,w=2", "gravity=face", "segment=foreground", "%zz=1", ","]) {
    const problem = await problemOf(await ask(`/image/${options}/${id}`), 400);
    expect(problem.code, options).toBe("invalid-request");
  }
  await problemOf(await ask("/image/w=300"), 404);
  await problemOf(await ask("/image/w=300/pin_000000000000000000"), 404);
  expect(images.asked).toEqual([]);
});

test("a secret picture is seen by members and with a signature over path and options", async () => {
  const { id } = await drawPin({ visibility: "secret" });
  const path = `/image/w=300/${id}`;
  await problemOf(await ask(path), 404);
  const seen = await ask(path, await bearer());
  expect(seen.headers.get("cache-control")).toMatch(/^private/);
  expect(seen.headers.get("vary")).toBe("Authorization");
  const signed = await signRenditionPath(env.SIGNING_KEY ?? "", path, Math.floor(Date.now() / 1000) + 60);
  expect((await ask(signed)).status).toBe(200);
  await problemOf(await ask(signed.replace("w=300", "w=301")), 404);
});

test("an overlay has to be seen too, and makes the answer as secret as it is", async () => {
  const below = await drawPin();
  const above = await drawPin({ visibility: "secret" });
  const path = `/image/w=300,draw=${above.id};width=50;opacity=0.5/${below.id}`;
  await problemOf(await ask(path), 404);
  const seen = await ask(path, await bearer());
  expect(seen.headers.get("cache-control")).toMatch(/^private/);
  expect(seen.headers.get("cache-tag")).toBe(
    `pin:${below.id},original:${below.hash},pin:${above.id},original:${above.hash}`,
  );
  expect(images.asked[0]?.plan.draw).toMatchObject([{ originalHash: above.hash, width: 50, opacity: 0.5 }]);
});

test("json describes the rendition and its original", async () => {
  const { id } = await drawPin();
  const response = await ask(`/image/w=300,fit=contain,rotate=90,border=red;5,f=json/${id}`);
  expect(response.headers.get("content-type")).toBe("application/json");
  // The stand-in's picture has one pixel.
  expect(await response.json()).toMatchObject({
    ...{ width: 310, height: 310, format: "jpeg" },
    original: { width: 1, height: 1, blurhash: expect.any(String) },
  });
  const thumbhash = await ask(`/image/f=thumbhash/${id}`);
  expect(thumbhash.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(await thumbhash.text()).toMatch(/^[\w+/=]{8,60}$/);
  expect(images.asked).toEqual([]);
  await problemOf(await ask(`/image/trim=border,f=json/${id}`), 400);
});

test("when it cannot be made: to the original with onerror=redirect, else a substitute or the problem", async () => {
  const { id, hash } = await drawPin();
  images.rendition = () => Promise.reject(new Problem("unprocessable-image", "The picture is damaged."));
  const redirected = await ask(`/image/w=300,onerror=redirect/${id}`);
  expect([redirected.status, redirected.headers.get("location")]).toEqual([302, `/i/${id}/original`]);
  await problemOf(await ask(`/image/w=300/${id}`), 422);
  images.rendition = () => Promise.reject(new Problem("unavailable", "Too many at once."));
  await env.RENDITIONS.put(renditionKey(hash, planForPreset("thumbnail", "png")), "kept");
  const degraded = await ask(`/image/w=301/${id}`);
  expect(degraded.headers.get("server-timing")).toContain("degraded");
  expect(degraded.headers.get("etag")).toBeNull();
});
