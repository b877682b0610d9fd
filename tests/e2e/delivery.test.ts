import type { PictureDescription, PictureSources, PurgeReport } from "@vitrine/contracts";
import sharp from "sharp";
import { beforeAll, expect, inject, test } from "vitest";
import { type Caller, call, callJson, newBoard, newCaller, newReadyPin } from "./api.ts";
import { drawPicture } from "./pictures.ts";

let owner: Caller;
let pin: string;
let secret: string;

beforeAll(async () => {
  owner = await newCaller("deliverer");
  pin = await newReadyPin(owner, await newBoard(owner), await drawPicture({ seed: 71, width: 900, height: 1200 }));
  const board = await newBoard(owner, "secret");
  secret = await newReadyPin(owner, board, await drawPicture({ seed: 72, width: 640, height: 480 }));
});

test("every rendition that a page is told of has the size and type that it is told", async () => {
  const { renditions, srcset, width, height } = await callJson<PictureSources>(`/i/${pin}/srcset.json`, 200);
  expect([width, height]).toEqual([900, 1200]);
  expect(renditions).toHaveLength(14);
  for (const { url, type, ...size } of renditions) {
    const response = await call(url);
    expect(response.headers.get("content-type"), url).toBe(type);
    expect(await sharp(await response.bytes()).metadata(), url).toMatchObject({
      width: size.width,
      height: size.height,
    });
  }
  for (const candidate of srcset.split(", ")) {
    const [url = "", descriptor] = candidate.split(" ");
    const { width: shown } = await sharp(await (await call(url)).bytes()).metadata();
    expect(`${shown}w`).toBe(descriptor);
  }
});

test("a picture is described without its rendition", async () => {
  const description = await callJson<PictureDescription>(`/i/${pin}/placeholder.json`, 200);
  expect(description).toMatchObject({ width: 900, height: 1200, format: "jpeg" });
  expect(description.perceptualHash).toMatch(/^[0-9a-f]{16}$/);
  expect(await (await call(`/i/${pin}/placeholder.blurhash`)).text()).toBe(description.blurhash);
});

test("the URLs of a secret pin open it for whoever has them", async () => {
  expect((await call(`/i/${secret}/srcset.json`)).status).toBe(404);
  const { src } = await callJson<PictureSources>(`/i/${secret}/srcset.json`, 200, { token: owner.token });
  expect((await call(src)).status).toBe(200);
  expect((await call(`${src}&w=1`)).status).toBe(404);
});

test("a purged rendition is made again", async () => {
  const path = `/i/${pin}/medium.jpg`;
  const timing = async () => (await call(path)).headers.get("server-timing");
  await timing();
  expect(await timing()).toContain('"colo", hit');
  const report = await callJson<PurgeReport>(`/v1/pins/${pin}/purge`, 200, { token: owner.token, method: "POST" });
  expect(report).toMatchObject({ more: false, tag: `pin:${pin}` });
  expect(report.purged).toBeGreaterThan(0);
  expect(await timing()).toContain("miss");
});

test("a picture of a listed host is a source, and of another host is not", async () => {
  const host = inject("pictureHost");
  for (const path of ["/picture.jpg", "/redirect", "/picture.jpg"]) {
    const response = await call(`/image/width=100,format=webp/http://${host}${path}`);
    expect(response.headers.get("content-type"), path).toBe("image/webp");
    expect(await sharp(await response.bytes()).metadata()).toMatchObject({ width: 100, height: 80 });
  }
  for (const path of ["/to-metadata", "/loop", "/page.html", "/missing"]) {
    const response = await call(`/image/width=100/http://${host}${path}`);
    expect([415, 422], path).toContain(response.status);
  }
  expect((await call("/image/width=100/https://elsewhere.example.com/a.jpg")).status).toBe(422);
});
