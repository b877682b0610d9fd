import { env, exports } from "cloudflare:workers";
import { asProblem, type ImagesService, type RenditionPlan } from "@vitrine/contracts";
import { planForPreset, probePicture, renditionEtag, renditionKey } from "@vitrine/image";
import { drawCompass, drawFading, jpegWithExif, meanDifference, storedAs } from "@vitrine/image/testing";
import { testFiles } from "@vitrine/image/testing/files";
import { expect, test } from "vitest";
import { createAdmission } from "./admission.ts";
import { codecs, instances } from "./codecs.ts";
import { openOriginal } from "./original.ts";
import { createRefusals } from "./refusals.ts";
import { renderOnce, type Surroundings } from "./renditions.ts";

const { ORIGINALS, RENDITIONS } = env;
const images = exports.default as unknown as ImagesService<Response>;
const feed = planForPreset("feed", "webp");
const files = testFiles(codecs);
let count = 0;

/** Puts a file under a hash of its own. */
async function keep(bytes: Uint8Array): Promise<string> {
  count += 1;
  const hash = count.toString(16).padStart(64, "0");
  await ORIGINALS.put(hash, bytes);
  return hash;
}

async function problemOf(answer: Promise<unknown>) {
  try {
    await answer;
  } catch (error) {
    return asProblem(error);
  }
  throw new Error("nothing was refused");
}

async function decoded(response: Response) {
  return files.decode(new Uint8Array(await response.arrayBuffer()));
}

const photo = drawCompass({ width: 600, height: 450 });
const jpeg = files.encode(photo, "jpeg");
/** Its header is well, its pixels are not. */
const damaged = files.encode(photo, "png").fill(0, 200, 900);

test("a rendition is made once, kept, and then answered from the bucket", async () => {
  const originalHash = await keep(jpeg);
  const first = await images.rendition({ originalHash, plan: feed });
  expect(first.headers.get("Content-Type")).toBe("image/webp");
  expect(first.headers.get("Server-Timing")).toMatch(/^cache;desc="origin", decode;dur=[\d.]+, encode;dur=/);
  const made = new Uint8Array(await first.arrayBuffer());
  expect(first.headers.get("Content-Length")).toBe(String(made.length));
  expect(probePicture(made)).toMatchObject({ format: "webp", width: 474, height: 356 });

  const kept = await RENDITIONS.head(renditionKey(originalHash, feed));
  expect(kept?.httpMetadata?.contentType).toBe("image/webp");
  expect(kept?.customMetadata).toEqual({ etag: renditionEtag(originalHash, feed) });

  const second = await images.rendition({ originalHash, plan: feed });
  expect(second.headers.get("Server-Timing")).toBe('cache;desc="r2"');
  expect(second.headers.get("Content-Length")).toBe(String(made.length));
  expect(new Uint8Array(await second.arrayBuffer())).toEqual(made);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8] as const)("orientation %i comes out upright", async (orientation) => {
  const stored = files.encode(storedAs(photo, orientation), "jpeg");
  const originalHash = await keep(jpegWithExif(stored, orientation, [60_000, 60_000]));
  const plan = planForPreset("thumbnail", "png");
  const turned = await decoded(await images.rendition({ originalHash, plan }));
  const upright = await decoded(await images.rendition({ originalHash: await keep(jpeg), plan }));
  expect(meanDifference(turned, upright)).toBeLessThan(2);
});

test("alpha reaches WebP", async () => {
  const originalHash = await keep(files.encode(drawFading({ width: 300, height: 300 }), "png"));
  const response = await images.rendition({ originalHash, plan: planForPreset("thumbnail", "webp") });
  const { data } = await decoded(response);
  expect(data[3]).toBeGreaterThan(245);
  expect(data[235 * 4 + 3]).toBeLessThan(10);
});

test("problems cross the binding with their code", async () => {
  const gif = new TextEncoder().encode("GIF89a,,,,,,,,,,,,,,"); // 11308×11308
  const refusals: [originalHash: string, code: string, words: RegExp][] = [
    ["f".repeat(64), "not-found", /original/],
    [await keep(gif), "too-many-pixels", /GIF/],
    [await keep(new TextEncoder().encode("<svg/>")), "unsupported-media-type", /JPEG/],
    [await keep(jpeg.slice(0, 100)), "unprocessable-image", /header/],
    [await keep(damaged), "unprocessable-image", /damaged/],
    [await keep(new Uint8Array(0)), "unsupported-media-type", /picture/],
  ];
  for (const [originalHash, code, words] of refusals) {
    const problem = await problemOf(images.rendition({ originalHash, plan: feed }));
    expect(problem?.code).toBe(code);
    expect(problem?.message).toMatch(words);
  }
});

test("a picture of too many pixels is refused without reading it", async () => {
  const png = files.encode(drawCompass({ width: 8, height: 8 }), "png");
  new DataView(png.buffer).setUint32(16, 65_536);
  new DataView(png.buffer).setUint32(20, 65_536);
  const file = new Uint8Array(3_000_000);
  file.set(png.subarray(0, 57));
  const problem = await problemOf(images.rendition({ originalHash: await keep(file), plan: feed }));
  expect(problem?.code).toBe("too-many-pixels");
  expect(problem?.message).toContain("65536×65536");
});

test("a long header is read as far as need be, and the file only after admission", async () => {
  let handedOut = 0;
  const bytes = jpegWithExif(jpeg, 1, [65_000, 65_000, 65_000]);
  const file = {
    size: bytes.length + 500_000,
    body: stream([bytes, new Uint8Array(500_000)], (n) => (handedOut += n)),
  };
  const original = await openOriginal(file);
  expect(original.probe).toMatchObject({ width: 600, fileBytes: file.size });
  expect(handedOut).toBeLessThan(450_000);
  expect((await original.read()).length).toBe(file.size);
});

test("the same rendition asked for twice at a time is made once", async () => {
  const originalHash = await keep(jpeg);
  const around = surroundings();
  const [a, b] = await Promise.all([renderOnce(originalHash, feed, around), renderOnce(originalHash, feed, around)]);
  expect(a.bytes).toBe(b.bytes);
  expect(around.puts).toBe(1);
  const [c, d] = await Promise.all(
    ["thumbnail", "thumbnail"].map(() => images.rendition({ originalHash, plan: planForPreset("thumbnail") })),
  );
  expect(await c?.arrayBuffer()).toEqual(await d?.arrayBuffer());
});

test("a damaged picture is read once a minute, and not for every view", async () => {
  const originalHash = await keep(damaged);
  let reads = 0;
  let now = 0;
  const originals = {
    get: ((hash: string) => {
      reads += 1;
      return ORIGINALS.get(hash);
    }) as R2Bucket["get"],
  };
  const around = { ...surroundings(), originals, now: () => now };
  for (let view = 0; view < 5; view++) {
    expect((await problemOf(renderOnce(originalHash, feed, around)))?.code).toBe("unprocessable-image");
  }
  expect(reads).toBe(1);
  now = 61_000;
  await problemOf(renderOnce(originalHash, feed, around));
  expect(reads).toBe(2);
});

test("what is missing now may be there the next time", async () => {
  const originalHash = "e".repeat(64);
  expect((await problemOf(images.rendition({ originalHash, plan: feed })))?.code).toBe("not-found");
  await ORIGINALS.put(originalHash, jpeg);
  expect((await decoded(await images.rendition({ originalHash, plan: feed }))).width).toBe(474);
});

test("pictures wait for memory, and leave it behind when they fail", async () => {
  const admission = createAdmission({ budgetBytes: 30_000_000, maxWaitMillis: 10_000, now: () => 0 });
  const around = { ...surroundings(), admission };
  const good = await Promise.all(Array.from({ length: 6 }, () => keep(jpeg)));
  const bad = await keep(damaged);
  const outcomes = await Promise.allSettled([bad, ...good].map((hash) => renderOnce(hash, feed, around)));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", ...good.map(() => "fulfilled")]);
  expect(admission.count()).toEqual({ admitted: 0, waiting: 0 });
});

test("a full isolate answers unavailable with a Retry-After, before it reads anything", async () => {
  const admission = createAdmission({ budgetBytes: 1, maxWaitMillis: 5, now: () => 0 });
  await admission.admit(2);
  const originals = { get: () => Promise.reject(new Error("the original is read")) };
  const around = { ...surroundings(), admission, originals } as unknown as Surroundings;
  const problem = await problemOf(renderOnce(await keep(jpeg), feed, around));
  expect(problem).toMatchObject({ code: "unavailable", retryAfterSeconds: 1 });
});

test("48 megapixels of a phone are served from less than 48 MiB", async () => {
  const picture = greyJpeg(8_064, 6_048);
  expect(probePicture(picture)).toMatchObject({ width: 8_064, height: 6_048, coding: "plain", samplesPerPixel: 1.5 });
  const large = planForPreset("large", "png");
  const { bytes, peakMemoryBytes } = await renderOnce(await keep(picture), large, surroundings());
  expect(peakMemoryBytes).toBeGreaterThan(2 ** 20);
  expect(peakMemoryBytes).toBeLessThan(48 * 2 ** 20);
  const shown = files.decode(bytes);
  expect(shown).toMatchObject({ width: 736, height: 552 });
  expect(shown.data.every((value, i) => (i % 4 === 3 ? value === 255 : Math.abs(value - 128) < 2))).toBe(true);
});

test("an original that breaks off is unavailable, and nothing of it is kept", async () => {
  const get = async () => ({ size: jpeg.length, body: stream([jpeg.slice(0, -5_000)], () => undefined) });
  const around = { ...surroundings(), originals: { get: get as unknown as R2Bucket["get"] } };
  const problem = await problemOf(renderOnce("d".repeat(64), feed, around));
  expect(problem?.code).toBe("unavailable");
  expect(await RENDITIONS.head(renditionKey("d".repeat(64), feed))).toBeNull();
});

test("prepare keeps all plans and answers the raster of the upright picture", async () => {
  const originalHash = await keep(jpegWithExif(files.encode(storedAs(photo, 6), "jpeg"), 6));
  const plans = [feed, planForPreset("thumbnail", "webp")];
  const prepared = await images.prepare({ originalHash, plans, rasterSide: 256 });
  expect(prepared).toMatchObject({ width: 600, height: 450, raster: { width: 256, height: 192 } });
  expect(meanDifference(prepared.raster, files.resize(photo, { width: 256, height: 192 }))).toBeLessThan(2.5);
  for (const plan of plans) expect(await RENDITIONS.head(renditionKey(originalHash, plan))).not.toBeNull();
  const versions = await Promise.all(plans.map((plan) => versionOf(originalHash, plan)));

  const again = await images.prepare({ originalHash, plans, rasterSide: 64 });
  expect(again.raster).toMatchObject({ width: 64, height: 48 });
  expect(await Promise.all(plans.map((plan) => versionOf(originalHash, plan)))).toEqual(versions);
});

test("idle codecs stay small after all this", () => {
  expect(instances.idleBytes()).toBeLessThanOrEqual(20_000_000);
});

/** The version changes with every put, even of the same bytes. */
async function versionOf(hash: string, plan: RenditionPlan): Promise<string | undefined> {
  return (await RENDITIONS.head(renditionKey(hash, plan)))?.version;
}

function surroundings(): Surroundings & { puts: number } {
  const around = {
    puts: 0,
    originals: ORIGINALS,
    renditions: {
      get: RENDITIONS.get.bind(RENDITIONS),
      head: RENDITIONS.head.bind(RENDITIONS),
      put: ((...request: Parameters<R2Bucket["put"]>) => {
        around.puts += 1;
        return RENDITIONS.put(...request);
      }) as R2Bucket["put"],
    },
    codecs,
    admission: createAdmission({ budgetBytes: 104_000_000, maxWaitMillis: 10_000, now: () => 0 }),
    refusals: createRefusals(),
    arrivedAt: 0,
    now: () => 0,
  };
  return around;
}

/**
 * A baseline JPEG of one grey, of sides that are multiples of 16. Every block of it is coded in the same 32 bits an
 * MCU, so the scan of 16 rows can be repeated for as many as are wanted, and no encoder has to hold them.
 */
function greyJpeg(width: number, height: number): Uint8Array {
  const strip = { width, height: 16, data: new Uint8Array(width * 16 * 4).fill(128) };
  strip.data.forEach((_, i) => {
    if (i % 4 === 3) strip.data[i] = 255;
  });
  const bytes = files.encode(strip, "jpeg");
  const find = (marker: number) => bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === marker);
  new DataView(bytes.buffer).setUint16(find(0xc0) + 5, height);
  const scan = find(0xda) + 14;
  const end = bytes.length - 2;
  const rows = end - scan;
  const whole = new Uint8Array(bytes.length + rows * (height / 16 - 1));
  whole.set(bytes.subarray(0, end));
  for (let row = 1; row < height / 16; row++) whole.set(bytes.subarray(scan, end), scan + row * rows);
  whole.set(bytes.subarray(end), whole.length - 2);
  return whole;
}

/** Hands out chunks of 4 KB, and tells how much. */
function stream(parts: Uint8Array[], told: (bytes: number) => void): ReadableStream<Uint8Array> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    bytes.set(part, filled);
    filled += part.length;
  }
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const chunk = bytes.slice(at, at + 4_096);
      at += chunk.length;
      told(chunk.length);
      controller.enqueue(chunk);
    },
  });
}
