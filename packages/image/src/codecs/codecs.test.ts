import { expect, test } from "vitest";
import { probePicture } from "../probe/probe.ts";
import { reduce } from "../steps/reduce.ts";
import { drawCompass, drawFading, meanDifference } from "../testing/draw.ts";
import { installedCodecs } from "../testing/installed-codecs.ts";

const { avif } = installedCodecs().codecs;

test("what AVIF encodes it decodes again", () => {
  for (const size of [
    { width: 150, height: 101 },
    { width: 1, height: 37 },
    { width: 300, height: 2 },
  ]) {
    const bytes = avif.encode(drawCompass(size), { quality: 90 });
    expect(probePicture(bytes)).toMatchObject({ format: "avif", ...size, orientation: 1 });
    expect(avif.decode(bytes, { reduction: 1 })).toMatchObject(size);
  }
  const picture = drawCompass({ width: 150, height: 101 });
  const again = avif.decode(avif.encode(picture, { quality: 90 }), { reduction: 1 });
  expect(meanDifference(again, picture)).toBeLessThan(3);
});

test.each([2, 4, 8] as const)("AVIF reduced by %i is the box filter of the whole", (reduction) => {
  const bytes = avif.encode(drawCompass({ width: 149, height: 83 }), { quality: 90 });
  expect(avif.decode(bytes, { reduction })).toEqual(reduce(avif.decode(bytes, { reduction: 1 }), reduction));
});

test("AVIF keeps alpha", () => {
  const picture = drawFading({ width: 64, height: 48 });
  const bytes = avif.encode(picture, { quality: 90 });
  expect(probePicture(bytes).hasAlpha).toBe(true);
  const alpha = (data: Uint8Array) => data.filter((_, i) => i % 4 === 3);
  const [before, after] = [alpha(picture.data), alpha(avif.decode(bytes, { reduction: 1 }).data)];
  expect(Math.max(...after.map((value, i) => Math.abs(value - (before[i] ?? 0))))).toBeLessThan(6);
});

test("failing decodes throw and leave no memory behind", () => {
  const { codecs, instances } = installedCodecs();
  const bytes = codecs.avif.encode(drawCompass({ width: 200, height: 150 }), { quality: 90 });
  for (let i = 0; i < 20; i++) {
    expect(() => codecs.avif.decode(bytes.slice(0, bytes.length >> 1), { reduction: 1 })).toThrow();
  }
  expect(codecs.avif.decode(bytes, { reduction: 1 })).toMatchObject({ width: 200, height: 150 });
  expect(instances.peakBytes()).toBeLessThan(40_000_000);
});

test("an instance that has grown is not kept, and room is made on demand", () => {
  const { codecs, instances } = installedCodecs();
  codecs.avif.encode(drawCompass({ width: 40, height: 40 }), { quality: 60 });
  const kept = instances.idleBytes();
  expect(kept).toBeGreaterThan(0);
  codecs.avif.encode(drawCompass({ width: 1400, height: 1000 }), { quality: 60 });
  expect(instances.idleBytes()).toBeLessThanOrEqual(kept);
  codecs.avif.encode(drawCompass({ width: 40, height: 40 }), { quality: 60 });
  codecs.makeRoom(104_000_000);
  expect(instances.idleBytes()).toBe(0);
});

test("decoding leaves the platform's globals as they were", () => {
  const before = [globalThis.Uint8ClampedArray, Object.getOwnPropertyDescriptor(globalThis, "ImageData")];
  const bytes = avif.encode(drawCompass({ width: 8, height: 8 }), { quality: 90 });
  avif.decode(bytes, { reduction: 1 });
  expect(() => avif.decode(bytes.slice(0, 30), { reduction: 1 })).toThrow();
  expect([globalThis.Uint8ClampedArray, Object.getOwnPropertyDescriptor(globalThis, "ImageData")]).toEqual(before);
});
