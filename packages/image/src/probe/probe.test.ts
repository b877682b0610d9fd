import { expect, test } from "vitest";
import {
  ascii,
  big32,
  drawCompass,
  drawFading,
  joined,
  jpegWithExif,
  pngWithExif,
  webpWithExif,
} from "../testing/draw.ts";
import { testFiles } from "../testing/files.ts";
import { installedCodecs } from "../testing/installed-codecs.ts";
import type { Orientation } from "./picture.ts";
import { probePicture, probePrefix } from "./probe.ts";

const files = testFiles(installedCodecs().codecs);
const size = { width: 120, height: 80 };
const orientations = [1, 2, 3, 4, 5, 6, 7, 8] as const satisfies Orientation[];
const jpeg = files.encode(drawCompass(size), "jpeg", 80);
const png = files.encode(drawCompass(size), "png", 80);
const webp = files.encode(drawCompass(size), "webp", 80);

test("the codecs' own pictures are told by their bytes", () => {
  for (const format of ["jpeg", "png", "webp", "avif"] as const) {
    const bytes = files.encode(drawCompass(size), format, 80);
    expect(probePicture(bytes), format).toMatchObject({
      ...{ ...size, format, contentType: `image/${format}`, orientation: 1, isAnimated: false, bitDepth: 8 },
      fileBytes: bytes.length,
    });
  }
  expect(probePicture(jpeg)).toMatchObject({
    coding: "plain",
    channels: 3,
    samplesPerPixel: 1.5,
    hasAlpha: false,
  });
  for (const format of ["webp", "avif", "png"] as const) {
    const bytes = files.encode(drawFading(size), format, 80);
    expect(probePicture(bytes).hasAlpha, format).toBe(true);
  }
});

test.each(orientations)("EXIF orientation %i is read in JPEG, PNG and WebP, and swaps the sides", (orientation) => {
  const upright = orientation >= 5 ? { width: 80, height: 120 } : size;
  for (const bytes of [
    jpegWithExif(jpeg, orientation),
    jpegWithExif(jpeg, orientation, [65_000, 65_000]),
    pngWithExif(png, orientation),
    webpWithExif(webp, size, orientation),
  ]) {
    expect(probePicture(bytes)).toMatchObject({ ...upright, orientation });
  }
});

test("many megabytes of metadata before the size are walked over", () => {
  const bytes = jpegWithExif(jpeg, 6, new Array(60).fill(65_000));
  expect(bytes.length).toBeGreaterThan(3_900_000);
  expect(probePicture(bytes)).toMatchObject({ width: 80, height: 120 });
  expect(probePrefix(bytes.subarray(0, 1_000_000), bytes.length)).toBeUndefined();
});

test("damaged EXIF is no reason to refuse: the picture counts as upright", () => {
  const bytes = jpegWithExif(jpeg, 6);
  const at = bytes.findIndex((_, i) => String.fromCharCode(...bytes.subarray(i, i + 4)) === "Exif") + 6;
  for (const change of [
    [0, 0x58],
    [7, 0xff],
    [11, 0x13],
    [19, 99],
    [13, 9],
  ] as const) {
    const damaged = bytes.slice();
    damaged[at + change[0]] = change[1];
    expect(probePicture(damaged).orientation).toBe(1);
  }
});

test("every kind of JPEG frame is told", () => {
  const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
  const kinds = {
    192: "plain",
    193: "plain",
    194: "progressive",
    195: "lossless",
    201: "arithmetic",
    202: "arithmetic",
    203: "lossless",
  };
  for (const [marker, coding] of Object.entries(kinds)) {
    const changed = jpeg.slice();
    changed[frame + 1] = Number(marker);
    expect(probePicture(changed).coding, marker).toBe(coding);
  }
});

test("GIF is told by its logical screen", () => {
  const gif = Uint8Array.from([...ascii("GIF89a"), 44, 1, 10, 0, 0, 0, 0, 0, 0, 0]);
  expect(probePicture(gif)).toMatchObject({ format: "gif", width: 300, height: 10 });
});

test("AVIF's rotation and mirror are an orientation", () => {
  const avif = files.encode(drawCompass(size), "avif", 80);
  const ipma = indexOf(avif, "ipma");
  // The encoder writes pixi or colr behind ispe and av1C; one association is turned into irot.
  const irot = indexOf(avif, "colr") === -1 ? indexOf(avif, "pixi") : indexOf(avif, "colr");
  expect(ipma).toBeGreaterThan(0);
  avif.set(ascii("irot"), irot);
  avif[irot + 4] = 1;
  expect(probePicture(avif)).toMatchObject({ orientation: 8, width: 80, height: 120 });
});

test("what is no picture is unsupported", () => {
  for (const bytes of [
    new Uint8Array(0),
    new Uint8Array(400),
    Uint8Array.from(ascii("<svg xmlns='http://www.w3.org/2000/svg'/>")),
    Uint8Array.from(ascii("%PDF-1.7 and more of it")),
  ]) {
    expect(() => probePicture(bytes)).toThrow(expect.objectContaining({ code: "unsupported-media-type" }));
  }
});

test("a header that ends anywhere is unprocessable and never another error", () => {
  const avif = files.encode(drawCompass(size), "avif", 80);
  for (const [bytes, header] of [
    [jpeg, 150],
    [png, 33],
    [webp, 30],
    [avif, 150],
  ] as const) {
    for (let length = 16; length < header; length++) {
      expect(() => probePicture(bytes.subarray(0, length)), `${length}`).toThrow(
        expect.objectContaining({ code: "unprocessable-image" }),
      );
    }
  }
});

test("random damage to headers gives a picture or a 4xx", () => {
  const avif = files.encode(drawCompass(size), "avif", 80);
  let seed = 1;
  const random = (n: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >> 8) % n;
  };
  for (let round = 0; round < 4_000; round++) {
    const bytes =
      [jpegWithExif(jpeg, 6), pngWithExif(png, 3), webpWithExif(webp, size, 5), avif][round % 4]?.slice() ?? png;
    for (let i = 0; i < 1 + random(6); i++) bytes[random(Math.min(bytes.length, 400))] = random(256);
    try {
      const { width, height } = probePicture(bytes);
      expect(Math.min(width, height)).toBeGreaterThan(0);
    } catch (error) {
      expect(["unsupported-media-type", "unprocessable-image"]).toContain((error as { code: string }).code);
    }
  }
});

test("a side of 0 pixels is unprocessable", () => {
  const bytes = png.slice();
  bytes.set(big32(0), 16);
  expect(() => probePicture(bytes)).toThrow(expect.objectContaining({ code: "unprocessable-image" }));
});

test("PNG's transparency and animation stand in chunks of their own", () => {
  const chunk = (name: string) => [...big32(0), ...ascii(name), 0, 0, 0, 0];
  const withChunk = (name: string) => probePicture(joined(png.subarray(0, 33), chunk(name), png.subarray(33)));
  expect(withChunk("acTL").isAnimated).toBe(true);
  const rgb = png.slice();
  rgb[25] = 2;
  expect(probePicture(rgb).hasAlpha).toBe(false);
  expect(probePicture(joined(rgb.subarray(0, 33), chunk("tRNS"), rgb.subarray(33))).hasAlpha).toBe(true);
});

function indexOf(bytes: Uint8Array, text: string): number {
  return bytes.findIndex((_, i) => String.fromCharCode(...bytes.subarray(i, i + text.length)) === text);
}
