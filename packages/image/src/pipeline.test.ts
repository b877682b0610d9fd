import { Problem, type Raster, type RenditionFormat, type RenditionPlan } from "@vitrine/contracts";
import { expect, test } from "vitest";
import type { Size } from "./geometry.ts";
import { makePicture, planPicture } from "./pipeline.ts";
import { planForPreset } from "./presets.ts";
import type { Orientation } from "./probe/picture.ts";
import { probePicture } from "./probe/probe.ts";
import { reduce } from "./steps/reduce.ts";
import {
  drawCompass,
  drawFading,
  jpegWithExif,
  meanDifference,
  pngWithExif,
  storedAs,
  webpWithExif,
} from "./testing/draw.ts";
import { testFiles } from "./testing/files.ts";
import { installedCodecs } from "./testing/installed-codecs.ts";

const { codecs } = installedCodecs();
const files = testFiles(codecs);
const surroundings = { codecs, now: () => 0 };
const best = 95;
const thumbnail = planForPreset("thumbnail", "png");

/** The one rendition, decoded again. */
async function render(bytes: Uint8Array, plan: RenditionPlan): Promise<Raster> {
  const made = await makePicture(bytes, planPicture(probePicture(bytes), [plan]), surroundings);
  return files.decode(made.renditions[0] ?? new Uint8Array());
}

const size: Size = { width: 500, height: 380 };
const upright = drawCompass(size);
const expected = await render(files.encode(upright, "png", best), thumbnail);

test.each([
  1, 2, 3, 4, 5, 6, 7, 8,
] as const)("orientation %i comes out upright from JPEG, PNG and WebP", async (orientation: Orientation) => {
  const stored = storedAs(upright, orientation);
  for (const bytes of [
    jpegWithExif(files.encode(stored, "jpeg", best), orientation),
    pngWithExif(files.encode(stored, "png", best), orientation),
    webpWithExif(files.encode(stored, "webp", best), stored, orientation),
  ]) {
    expect(meanDifference(await render(bytes, thumbnail), expected)).toBeLessThan(2);
  }
});

test("sizes are those that were planned, and the raster lies in its square", { timeout: 30_000 }, async () => {
  const bytes = files.encode(drawCompass({ width: 1600, height: 1000 }), "jpeg", best);
  const plans = [
    planForPreset("feed"),
    planForPreset("thumbnail"),
    planForPreset("zoom", "png"),
    planForPreset("medium"),
  ];
  const { renditions, raster } = await makePicture(bytes, planPicture(probePicture(bytes), plans, 256), surroundings);
  expect(renditions.map((made) => probePicture(made))).toMatchObject([
    { format: "webp", width: 474, height: 296 },
    { format: "webp", width: 236, height: 236 },
    { format: "png", width: 1200, height: 750 },
    { format: "jpeg", width: 236, height: 148 },
  ]);
  expect(raster).toMatchObject({ width: 256, height: 160 });
});

test("alpha is kept where the format has it, and lies on white in JPEG", { timeout: 30_000 }, async () => {
  const bytes = files.encode(drawFading({ width: 400, height: 400 }), "png", best);
  for (const format of ["webp", "png", "avif"] satisfies RenditionFormat[]) {
    const { data } = await render(bytes, planForPreset("grid", format));
    const alphaAt = (x: number) => data[(75 * 150 + x) * 4 + 3] ?? -1;
    expect(alphaAt(1), format).toBeGreaterThan(245);
    expect(Math.abs(alphaAt(75) - 127), format).toBeLessThan(8);
    expect(alphaAt(148), format).toBeLessThan(10);
  }
  const { data } = await render(bytes, planForPreset("grid", "jpeg"));
  const right = data.subarray((75 * 150 + 149) * 4, (75 * 150 + 150) * 4);
  expect(Math.min(...right)).toBeGreaterThan(245);
});

test("the colour of transparent pixels does not bleed into their neighbours", async () => {
  // Green, fully transparent, around an opaque red square.
  const data = new Uint8Array(800 * 800 * 4);
  for (let at = 0; at < data.length; at += 4) {
    const [x, y] = [(at / 4) % 800, Math.floor(at / 3200)];
    data.set(x > 251 && x < 549 && y > 251 && y < 549 ? [255, 0, 0, 255] : [0, 255, 0, 0], at);
  }
  const bytes = files.encode({ width: 800, height: 800, data }, "png", best);
  for (const preset of ["grid", "thumbnail"] as const) {
    const small = await render(bytes, planForPreset(preset, "png"));
    for (let at = 0; at < small.data.length; at += 4) {
      if ((small.data[at + 3] ?? 0) > 8) expect(small.data[at + 1]).toBeLessThan(8);
    }
  }
});

test("an AVIF that is shrunk while decoding cannot be told from one resized whole", { timeout: 30_000 }, async () => {
  const picture = drawCompass({ width: 1900, height: 1500 });
  const bytes = files.encode(picture, "avif", best);
  expect(planPicture(probePicture(bytes), [planForPreset("feed", "png")]).reduction).toBe(2);
  const whole = files.resize(picture, { width: 474, height: 374 });
  expect(meanDifference(await render(bytes, planForPreset("feed", "png")), whole)).toBeLessThan(1.5);
});

test("a rendition has the same bytes from a stream, from a file, and beside others", async () => {
  const bytes = files.encode(drawCompass({ width: 900, height: 700 }), "jpeg", best);
  const probe = probePicture(bytes);
  const feed = planForPreset("feed", "webp");
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
  }
  const streamed = await makePicture(pieces(), planPicture(probe, [feed]), surroundings);
  const beside = await makePicture(bytes, planPicture(probe, [thumbnail, feed], 256), surroundings);
  expect(streamed.renditions[0]).toEqual(beside.renditions[1]);
});

test("a plan that is decoded to pixels and encoded from them shows the same", async () => {
  const bytes = files.encode(upright, "jpeg", best);
  const plan = planPicture(probePicture(bytes), [planForPreset("grid", "webp")]);
  const [output] = plan.renditions;
  if (!output) throw new Error("no output");
  const steps = [
    { name: "nothing", sizeOf: (size: Size) => size, extraBytes: () => 0, apply: (raster: Raster) => raster },
  ];
  const byCanvas = { ...plan, renditions: [{ ...output, steps, path: "canvas" as const }] };
  const [direct, canvas] = [plan, byCanvas].map((each) => makePicture(bytes, each, surroundings));
  const pixels = async (made: typeof direct) => files.decode((await made)?.renditions[0] ?? new Uint8Array());
  expect(meanDifference(await pixels(canvas), await pixels(direct))).toBeLessThan(1.5);
});

test("a reduced picture averages what its last blocks have", () => {
  const data = Uint8Array.from([10, 20, 30, 255, 30, 40, 50, 255, 90, 0, 0, 255]);
  expect(reduce({ width: 3, height: 1, data }, 2)).toEqual({
    ...{ width: 2, height: 1 },
    data: Uint8Array.from([20, 30, 40, 255, 90, 0, 0, 255]),
  });
});

test("damaged pixels are unprocessable, and so is a header that lies about them", async () => {
  const png = files.encode(upright, "png", best);
  const broken = png.slice();
  broken.fill(0, 200, 900);
  const cutOff = files.encode(upright, "avif", best).slice(0, -300);
  for (const bytes of [broken, cutOff]) {
    await expect(render(bytes, thumbnail)).rejects.toMatchObject({ code: "unprocessable-image" });
  }
  const plan = planPicture({ ...probePicture(png), width: 100, height: 50 }, [thumbnail]);
  await expect(makePicture(png, plan, surroundings)).rejects.toMatchObject({ code: "unprocessable-image" });
});

test("a JPEG that is cut off shows what is there", async () => {
  const bytes = files.encode(upright, "jpeg", best);
  const shown = await render(bytes.slice(0, bytes.length >> 1), thumbnail);
  const row = (at: number) => shown.data.subarray(at * 4 * 236, (at + 1) * 4 * 236);
  expect(row(10)).toEqual((await render(bytes, thumbnail)).data.subarray(10 * 4 * 236, 11 * 4 * 236));
  expect(new Set(row(230)).size).toBeLessThan(4);
});

test("what breaks off passes as what it is, and not as a damaged picture", async () => {
  const bytes = files.encode(upright, "jpeg", best);
  const broken = new Problem("unavailable", "The picture could not be read whole: ask again.");
  async function* breaks() {
    yield bytes.subarray(0, 2_000);
    throw broken;
  }
  const plan = planPicture(probePicture(bytes), [thumbnail]);
  await expect(makePicture(breaks(), plan, surroundings)).rejects.toBe(broken);
});

test("what a picture takes stays under what was predicted", { timeout: 60_000 }, async () => {
  for (const format of ["jpeg", "png", "webp", "avif"] as const) {
    const { codecs: own, instances } = installedCodecs({ maxIdleBytes: 0, maxKeptInstanceBytes: 0 });
    const bytes = files.encode(drawCompass({ width: 1700, height: 1300 }), format, best);
    for (const output of ["webp", "jpeg", "png", "avif"] as const) {
      const plan = planPicture(probePicture(bytes), [planForPreset("zoom", output)]);
      const { peakMemoryBytes } = await makePicture(bytes, plan, { codecs: own, now: () => 0 });
      const peak = Math.max(instances.peakBytes(), peakMemoryBytes) + bytes.length;
      expect(peak, `${format} to ${output}`).toBeLessThanOrEqual(plan.predictedBytes);
      expect(plan.predictedBytes, `${format} to ${output}`).toBeLessThan(104_000_000);
    }
  }
});
