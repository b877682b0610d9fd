import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProblemDetails } from "@vitrine/contracts";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Caller,
  call,
  callJson,
  newBoard,
  newCaller,
  newReadyPin,
  newReadyPins,
  pictureForm,
  untilSettled,
  upload,
} from "./api.ts";
import { drawCompass, drawPicture, hasHardImages, sharedData } from "./pictures.ts";

let owner: Caller;
let board: string;
let pin: string;

beforeAll(async () => {
  owner = await newCaller("painter");
  board = await newBoard(owner);
  pin = await newReadyPin(owner, board, await drawPicture({ seed: 1, width: 900, height: 1200 }));
});

const modern = { accept: "image/avif,image/webp,*/*" };

describe("a rendition", () => {
  test("is WebP or AVIF for browsers that take it, and JPEG for the others", async () => {
    const rich = await call(`/i/${pin}/feed`, { headers: modern });
    expect(rich.status).toBe(200);
    expect(rich.headers.get("content-type")).toMatch(/^image\/(webp|avif)$/);
    expect(rich.headers.get("vary")).toMatch(/accept/i);
    const plain = await call(`/i/${pin}/feed`, { headers: { accept: "image/png,*/*" } });
    expect(plain.headers.get("content-type")).toBe("image/jpeg");
    expect((await sharp(await plain.bytes()).metadata()).format).toBe("jpeg");
  });

  test.each([
    ["thumbnail", 236, 236],
    ["feed", 474, 632],
    ["detail", 735, 980],
    ["zoom", 900, 1200],
    ["grid", 150, 150],
    ["medium", 236, 315],
    ["large", 736, 981],
  ])("preset %s of a 900×1200 picture is %i×%i", async (preset, width, height) => {
    const response = await call(`/i/${pin}/${preset}`, { headers: modern });
    expect(response.status).toBe(200);
    const picture = await sharp(await response.bytes()).metadata();
    expect(picture.width).toBe(width);
    expect(Math.abs((picture.height ?? 0) - height)).toBeLessThanOrEqual(1);
  });

  test("has the format that the URL's extension names, whatever Accept says", async () => {
    for (const [extension, format] of [
      ["jpg", "jpeg"],
      ["webp", "webp"],
      ["png", "png"],
      ["avif", "heif"],
    ]) {
      const response = await call(`/i/${pin}/thumbnail.${extension}`, { headers: { accept: "image/webp" } });
      expect(response.status).toBe(200);
      expect((await sharp(await response.bytes()).metadata()).format).toBe(format);
    }
  });

  test("comes from a cache at the second request, which Server-Timing tells", async () => {
    const first = await call(`/i/${pin}/large.jpg`);
    const bytes = await first.bytes();
    const second = await call(`/i/${pin}/large.jpg`);
    expect(second.headers.get("server-timing")).toMatch(/colo|r2|memory/);
    expect(await second.bytes()).toEqual(bytes);
  });

  test("answers 304 to its own ETag, and 200 to another", async () => {
    const first = await call(`/i/${pin}/feed.webp`);
    await first.bytes();
    const etag = first.headers.get("etag") ?? "";
    const again = await call(`/i/${pin}/feed.webp`, { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
    expect((await call(`/i/${pin}/feed.webp`, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  });

  test("may be cached and read from other origins", async () => {
    const response = await call(`/i/${pin}/feed.webp`, { headers: { origin: "https://shop.example" } });
    await response.bytes();
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("cache-control")).toMatch(/public.*max-age=\d+/);
    expect(response.headers.get("cache-tag")).toContain(`pin:${pin}`);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("of no known pin or preset is a clear 404 or 400", async () => {
    const missing = await callJson<ProblemDetails>("/i/pin_000000000000000000/feed", 404);
    expect(missing.code).toBe("not-found");
    const unknown = await call(`/i/${pin}/poster`);
    expect([400, 404]).toContain(unknown.status);
    expect(((await unknown.json()) as { detail: string }).detail).toMatch(/thumbnail|preset/);
  });

  test("stands upright for each of the eight EXIF orientations", async () => {
    const orientations = [1, 2, 3, 4, 5, 6, 7, 8];
    const compasses = orientations.map((orientation) =>
      orientation > 4
        ? drawCompass({ width: 300, height: 400, orientation })
        : drawCompass({ width: 400, height: 300, orientation }),
    );
    const pins = await newReadyPins(owner, board, await Promise.all(compasses));
    for (const [i, id] of pins.entries()) {
      const ours = await call(`/i/${id}/medium.png`);
      const picture = sharp(await ours.bytes());
      const reference = await sharp(await (await call(`/i/${id}/original`)).bytes())
        .rotate()
        .resize(236, 177, { fit: "fill" })
        .raw()
        .toBuffer();
      const { width, height } = await picture.metadata();
      expect([width, height], `orientation ${orientations[i]}`).toEqual([236, 177]);
      expect(meanDifference(await picture.removeAlpha().raw().toBuffer(), reference)).toBeLessThan(4);
    }
  });
});

describe.skipIf(!hasHardImages)("hard images (skipped without the data folder)", () => {
  const folder = join(sharedData, "hard-images");

  test("of every orientation come out upright and alike", async () => {
    for (const shape of ["Landscape", "Portrait"]) {
      const files = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => `${shape}_${orientation}.jpg`);
      const pictures = files.map((file) => readFileSync(join(folder, "orientation", file)));
      const [untagged, ...tagged] = await Promise.all((await newReadyPins(owner, board, pictures)).map(thumbnailOf));
      expect(tagged).toHaveLength(8);
      for (const thumbnail of tagged) expect(meanDifference(thumbnail, untagged ?? thumbnail)).toBeLessThan(3);
    }
  });

  test.each(["giant-image.jpg", "65536-uint32-limit.png"])("%s is refused from its header", async (file) => {
    const form = pictureForm(board, readFileSync(join(folder, "mixed", file)));
    const response = await call("/v1/pins", { token: owner.token, form });
    expect([413, 422]).toContain(response.status);
    expect(((await response.json()) as { detail: string }).detail).toMatch(/pixel|large/i);
  });

  test("are all either pictures or refused with a sentence, never a 5xx", async () => {
    const accepted: string[] = [];
    for (const file of readdirSync(join(folder, "mixed")).filter((name) => name !== "LICENSE")) {
      const form = pictureForm(board, readFileSync(join(folder, "mixed", file)));
      const response = await call("/v1/pins", { token: owner.token, form });
      const body = (await response.json()) as { id: string; detail: string };
      if (response.status === 202) accepted.push(body.id);
      else {
        expect([413, 415, 422], `${file}: ${JSON.stringify(body)}`).toContain(response.status);
        expect(body.detail.length, file).toBeGreaterThan(20);
      }
    }
    expect(accepted.length).toBeGreaterThan(15);
    for (const settled of await untilSettled(accepted, owner.token)) {
      if (settled.status === "failed") expect(settled.failure?.length).toBeGreaterThan(20);
      const rendition = await call(`/i/${settled.id}/thumbnail`);
      await rendition.bytes();
      expect(rendition.status, JSON.stringify(settled)).toBeLessThan(500);
      if (settled.status === "ready") expect(rendition.status).toBe(200);
    }
  });
});

test("a picture that is none is refused with what to do", async () => {
  const response = await call("/v1/pins", {
    token: owner.token,
    form: pictureForm(board, Buffer.from("hello, no picture")),
  });
  expect(response.status).toBe(415);
  expect(((await response.json()) as { detail: string }).detail).toMatch(/JPEG/);
});

test("the same picture twice is one original, and the second pin says so", async () => {
  const picture = await drawPicture({ seed: 77, width: 300, height: 300 });
  const first = await newReadyPin(owner, board, picture);
  const second = await upload(owner, board, picture);
  const [settled] = await untilSettled([second]);
  expect(settled).toMatchObject({ status: "ready", duplicateOf: first });
});

async function thumbnailOf(pin: string): Promise<Buffer> {
  const response = await call(`/i/${pin}/thumbnail.png`);
  return sharp(await response.bytes())
    .removeAlpha()
    .raw()
    .toBuffer();
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
}
