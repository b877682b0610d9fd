import { expect, test } from "vitest";
import { probePicture } from "../probe/probe.ts";
import { drawCompass } from "../testing/draw.ts";
import { installedCodecs } from "../testing/installed-codecs.ts";
import { testCodec } from "../testing/test-codec.ts";

const { codecs } = installedCodecs();

testCodec(codecs.jpeg, { keepsAlpha: false, tolerance: 2 });
testCodec(codecs.webp, { keepsAlpha: true, tolerance: 3 });
testCodec(codecs.avif, { keepsAlpha: true, tolerance: 3 });
testCodec(codecs.png, { keepsAlpha: true, tolerance: 0 });

test("the resizer makes exactly the size, and keeps a flat colour flat", () => {
  const flat = { width: 90, height: 61, data: new Uint8Array(90 * 61 * 4).fill(200) };
  const small = codecs.resizer.resize(flat, { width: 31, height: 7 });
  expect(small.data).toEqual(new Uint8Array(31 * 7 * 4).fill(200));
});

test("failing decodes leave no memory behind", () => {
  const { codecs: own, instances } = installedCodecs();
  const bytes = own.jpeg.encode(drawCompass({ width: 900, height: 700 }), { quality: 90, hasAlpha: false });
  const probe = probePicture(bytes);
  const broken = bytes.slice();
  broken.fill(0xff, 200, 400); // tables destroyed, the end marker stands
  for (let i = 0; i < 60; i++) {
    expect(() => own.jpeg.decode(broken, { probe, reduction: 1 })).toThrow();
  }
  expect(own.jpeg.decode(bytes, { probe, reduction: 1 })).toMatchObject({ width: 900, height: 700 });
  expect(instances.peakBytes()).toBeLessThan(40_000_000);
});

test("an instance that has grown is not kept", () => {
  const { codecs: own, instances } = installedCodecs();
  own.png.encode(drawCompass({ width: 40, height: 40 }), { quality: 100, hasAlpha: false });
  expect(instances.idleBytes()).toBeGreaterThan(0);
  const kept = instances.idleBytes();
  own.resizer.resize(drawCompass({ width: 2600, height: 2000 }), { width: 100, height: 80 });
  expect(instances.idleBytes()).toBe(kept);
  instances.makeRoom(104_000_000);
  expect(instances.idleBytes()).toBe(0);
});

test("decoding leaves the platform's globals as they were", () => {
  const before = [globalThis.Uint8ClampedArray, Object.getOwnPropertyDescriptor(globalThis, "ImageData")];
  const bytes = codecs.webp.encode(drawCompass({ width: 8, height: 8 }), { quality: 90, hasAlpha: false });
  codecs.webp.decode(bytes, { probe: probePicture(bytes), reduction: 1 });
  expect(() => codecs.webp.decode(bytes.slice(0, 30), { probe: probePicture(bytes), reduction: 1 })).toThrow();
  expect([globalThis.Uint8ClampedArray, Object.getOwnPropertyDescriptor(globalThis, "ImageData")]).toEqual(before);
});
