import type { Raster, RenditionFormat, RenditionPlan } from "@vitrine/contracts";
import { expect, test } from "vitest";
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
import { installedCodecs } from "./testing/installed-codecs.ts";

const { codecs } = installedCodecs();
const surroundings = { codecs, now: () => 0 };
const best = { quality: 95, hasAlpha: false };
const thumbnail = planForPreset("thumbnail", "png");

/** The one rendition, decoded again. */
function render(bytes: Uint8Array, plan: RenditionPlan): Raster {
  const [made = new Uint8Array()] = makePicture(
    bytes,
    planPicture(probePicture(bytes), [plan]),
    surroundings,
  ).renditions;
  return codecs[plan.format].decode(made, { probe: probePicture(made), reduction: 1 });
}

const size = { width: 500, height: 380 };
const upright = drawCompass(size);
const expected = render(codecs.png.encode(upright, best), thumbnail);

test.each([
  1, 2, 3, 4, 5, 6, 7, 8,
] as const)("orientation %i comes out upright from JPEG, PNG and WebP", (orientation: Orientation) => {
  const stored = storedAs(upright, orientation);
  for (const bytes of [
    jpegWithExif(codecs.jpeg.encode(stored, best), orientation),
    pngWithExif(codecs.png.encode(stored, best), orientation),
    webpWithExif(codecs.webp.encode(stored, best), stored, orientation),
  ]) {
    expect(meanDifference(render(bytes, thumbnail), expected)).toBeLessThan(2);
  }
});

test("sizes are those that were planned, and the raster lies in its square", { timeout: 30_000 }, () => {
  const bytes = codecs.jpeg.encode(drawCompass({ width: 1600, height: 1000 }), best);
  const plans = [
    planForPreset("feed"),
    planForPreset("thumbnail"),
    planForPreset("zoom", "png"),
    planForPreset("medium"),
  ];
  const { renditions, raster } = makePicture(bytes, planPicture(probePicture(bytes), plans, 256), surroundings);
  expect(renditions.map((made) => probePicture(made))).toMatchObject([
    { format: "webp", width: 474, height: 296 },
    { format: "webp", width: 236, height: 236 },
    { format: "png", width: 1200, height: 750 },
    { format: "jpeg", width: 236, height: 148 },
  ]);
  expect(raster).toMatchObject({ width: 256, height: 160 });
});

test("alpha is kept where the format has it, and lies on white in JPEG", { timeout: 30_000 }, () => {
  const bytes = codecs.png.encode(drawFading({ width: 400, height: 400 }), { quality: 100, hasAlpha: true });
  for (const format of ["webp", "png", "avif"] satisfies RenditionFormat[]) {
    const { data } = render(bytes, planForPreset("grid", format));
    const alphaAt = (x: number) => data[(75 * 150 + x) * 4 + 3] ?? -1;
    expect(alphaAt(1), format).toBeGreaterThan(245);
    expect(Math.abs(alphaAt(75) - 127), format).toBeLessThan(8);
    expect(alphaAt(148), format).toBeLessThan(10);
  }
  const { data } = render(bytes, planForPreset("grid", "jpeg"));
  const right = data.subarray((75 * 150 + 149) * 4, (75 * 150 + 150) * 4);
  expect(Math.min(...right)).toBeGreaterThan(245);
});

test("the colour of transparent pixels does not bleed into their neighbours", () => {
  // Green, fully transparent, around an opaque red square.
  const data = new Uint8Array(800 * 800 * 4);
  for (let at = 0; at < data.length; at += 4) {
    const [x, y] = [(at / 4) % 800, Math.floor(at / 3200)];
    data.set(x > 251 && x < 549 && y > 251 && y < 549 ? [255, 0, 0, 255] : [0, 255, 0, 0], at);
  }
  const bytes = codecs.png.encode({ width: 800, height: 800, data }, best);
  for (const preset of ["grid", "thumbnail"] as const) {
    const small = render(bytes, planForPreset(preset, "png"));
    for (let at = 0; at < small.data.length; at += 4) {
      if ((small.data[at + 3] ?? 0) > 8) expect(small.data[at + 1]).toBeLessThan(8);
    }
  }
});

test("shrinking while decoding cannot be told from resizing the whole", { timeout: 30_000 }, () => {
  const picture = drawCompass({ width: 2400, height: 1800 });
  const bytes = codecs.png.encode(picture, best);
  const plan = planPicture(probePicture(bytes), [planForPreset("feed", "png")]);
  expect(plan.reduction).toBe(2);
  const whole = codecs.resizer.resize(picture, { width: 474, height: 356 });
  expect(meanDifference(render(bytes, planForPreset("feed", "png")), whole)).toBeLessThan(0.6);
});

test("a reduced picture averages what its last blocks have", () => {
  const data = Uint8Array.from([10, 20, 30, 255, 30, 40, 50, 255, 90, 0, 0, 255]);
  expect(reduce({ width: 3, height: 1, data }, 2)).toEqual({
    ...{ width: 2, height: 1 },
    data: Uint8Array.from([20, 30, 40, 255, 90, 0, 0, 255]),
  });
});

test("damaged pixels are unprocessable, and so is a header that lies about them", () => {
  const png = codecs.png.encode(upright, best);
  const broken = png.slice();
  broken.fill(0, 200, 900);
  const truncated = codecs.jpeg.encode(upright, best).slice(0, -300);
  for (const bytes of [broken, truncated]) {
    expect(() => render(bytes, thumbnail)).toThrow(expect.objectContaining({ code: "unprocessable-image" }));
  }
  const plan = planPicture({ ...probePicture(png), width: 100, height: 50 }, [thumbnail]);
  expect(() => makePicture(png, plan, surroundings)).toThrow(expect.objectContaining({ code: "unprocessable-image" }));
});

test("what a picture takes stays under what was predicted", { timeout: 60_000 }, () => {
  for (const format of ["jpeg", "png", "webp", "avif"] as const) {
    const { codecs: own, instances } = installedCodecs({ maxIdleBytes: 0, maxKeptInstanceBytes: 0 });
    const bytes = codecs[format].encode(drawCompass({ width: 1700, height: 1300 }), best);
    const plan = planPicture(probePicture(bytes), [planForPreset("zoom", "webp"), planForPreset("zoom", "jpeg")]);
    makePicture(bytes, plan, { codecs: own, now: () => 0 });
    expect(instances.peakBytes(), format).toBeLessThanOrEqual(plan.predictedBytes);
    expect(plan.predictedBytes, format).toBeLessThan(104_000_000);
  }
});
