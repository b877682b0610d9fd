import { env, exports } from "cloudflare:workers";
import { asProblem, type ImagesService, type RenditionPlan } from "@vitrine/contracts";
import { probePicture, renditionKey } from "@vitrine/image";
import { drawCompass } from "@vitrine/image/testing";
import { gifAnimation } from "@vitrine/image/testing/animation";
import { testFiles } from "@vitrine/image/testing/files";
import { expect, test } from "vitest";
import { codecs } from "./codecs.ts";
import { overlayPlan } from "./overlays.ts";

const images = exports.default as unknown as ImagesService<Response>;
const files = testFiles(codecs);
const plan: RenditionPlan = { fit: "scale-down", width: 60, height: null, format: "png", quality: 100 };
const point = { x: 0.5, y: 0.5 };

async function keep(name: string, bytes: Uint8Array): Promise<string> {
  const hash = name.repeat(32);
  await env.ORIGINALS.put(hash, bytes);
  return hash;
}

/** Of one colour, opaque. */
function sheet(width: number, height: number, colour: number[]) {
  const data = Uint8Array.from({ length: width * height * 4 }, (_, i) => [...colour, 255][i % 4] ?? 0);
  return { width, height, data };
}

async function pixels(originalHash: string, asked: RenditionPlan) {
  const response = await images.rendition({ originalHash, plan: asked });
  const raster = files.decode(new Uint8Array(await response.arrayBuffer()));
  const at = (x: number, y: number) => [
    ...raster.data.subarray((y * raster.width + x) * 4, (y * raster.width + x) * 4 + 3),
  ];
  return { raster, at, timing: response.headers.get("Server-Timing") };
}

test("an overlay is made from its own original, drawn, and kept for the next time", async () => {
  const below = await keep("a1", files.encode(sheet(120, 80, [200, 200, 200]), "png"));
  const above = await keep("a2", files.encode(sheet(300, 300, [10, 20, 200]), "png"));
  const place = { opacity: 1, repeat: "none", top: null, right: 5, bottom: 5, left: null } as const;
  const overlay = { originalHash: above, width: 20, height: 20, fit: "cover", gravity: point, ...place } as const;
  const { raster, at, timing } = await pixels(below, { ...plan, draw: [overlay] });
  expect([raster.width, raster.height]).toEqual([60, 40]);
  expect(at(45, 25)).toEqual([10, 20, 200]);
  expect(at(34, 14)).toEqual([200, 200, 200]);
  expect(timing).toContain("effects;dur=");
  expect(await env.RENDITIONS.head(renditionKey(above, overlayPlan(overlay)))).not.toBeNull();
});

test("an overlay that is gone is told", async () => {
  const below = await keep("b1", files.encode(sheet(12, 8, [200, 200, 200]), "png"));
  const place = { opacity: 1, repeat: "none", top: null, right: null, bottom: null, left: null } as const;
  const overlay = {
    originalHash: "b9".repeat(32),
    width: null,
    height: null,
    fit: "scale-down",
    gravity: point,
  } as const;
  const refusal = await images
    .rendition({ originalHash: below, plan: { ...plan, draw: [{ ...overlay, ...place }] } })
    .catch(asProblem);
  expect(refusal).toMatchObject({ code: "not-found" });
});

test("what has to be seen first is looked for in a JPEG that is otherwise read from its stream", async () => {
  const scene = sheet(400, 100, [128, 128, 128]);
  for (let y = 30; y < 70; y++) for (let x = 330; x < 370; x++) scene.data.set([220, 30, 30], (y * 400 + x) * 4);
  const originalHash = await keep("c1", files.encode(scene, "jpeg", 95));
  const asked = { ...plan, fit: "cover", width: 50, height: 50, gravity: "auto" } as const;
  const { raster, at } = await pixels(originalHash, asked);
  expect([raster.width, raster.height]).toEqual([50, 50]);
  const reds = Array.from({ length: 50 }, (_, x) => at(x, 25)).filter(([red = 0, green = 0]) => red - green > 120);
  expect(reds.length).toBeGreaterThanOrEqual(18);
});

test("all frames of an animation are made, by way of admission and the bucket, and one where one is wanted", async () => {
  const square = { left: 0, top: 0, width: 8, height: 6 };
  const frames = [1, 2, 3].map((index) => ({ ...square, indices: Array(48).fill(index), delay: 5, disposal: 1 }));
  const gif = gifAnimation(frames, { width: 8, height: 6, colours: [0xff0000, 0x00ff00, 0x0000ff] });
  const originalHash = await keep("e1", gif);
  const asked: RenditionPlan = { ...plan, format: "webp", isLossless: true };
  const moving = await images.rendition({ originalHash, plan: { ...asked, isAnimated: true } });
  expect(moving.headers.get("Server-Timing")).toMatch(/decode;dur=[\d.]+, encode;dur=/);
  const probe = probePicture(new Uint8Array(await moving.arrayBuffer()));
  expect(probe.animation?.frames.map(({ duration }) => duration)).toEqual([50, 50, 50]);
  const still = await images.rendition({ originalHash, plan: asked });
  expect(probePicture(new Uint8Array(await still.arrayBuffer())).isAnimated).toBe(false);
});

test("a budget of bytes is kept", async () => {
  const originalHash = await keep("d1", files.encode(drawCompass({ width: 400, height: 300 }), "jpeg", 95));
  const response = await images.rendition({
    originalHash,
    plan: { ...plan, width: 300, format: "jpeg", quality: 90, maxBytes: 4_000 },
  });
  expect((await response.arrayBuffer()).byteLength).toBeLessThanOrEqual(4_000);
});
