import sharp from "sharp";
import { expect, test } from "vitest";
import { probePicture } from "../probe/probe.ts";
import { drawCompass } from "../testing/draw.ts";
import { cameraExif, exifIn, jpegWithTiff } from "../testing/exif.ts";
import { bytesOf, files } from "../testing/render-options.ts";
import { carriedExif, withExif } from "./carried-exif.ts";

const compass = drawCompass({ width: 90, height: 60 });
const jpeg = files.encode(compass, "jpeg");

test("the notice goes along, and all that is true of the rendition when it is to be kept", () => {
  const copyright = carriedExif(cameraExif(), "copyright") ?? new Uint8Array();
  expect(exifIn(withExif(jpeg, copyright))).toEqual({ artist: "Ada", copyright: "(c) Ada" });
  const kept = carriedExif(cameraExif(), "keep") ?? new Uint8Array();
  expect(exifIn(withExif(jpeg, kept))).toEqual({
    ...{ artist: "Ada", copyright: "(c) Ada", model: "Obscura", exposure: expect.any(Number) },
    ...{ latitude: [52, 1], reference: "N" },
  });
  for (const secret of ["secret note", "thumbnail"]) expect(Buffer.from(kept).includes(secret)).toBe(false);
});

test("others read it, behind JFIF, and the picture is the same", async () => {
  const carried = withExif(jpeg, carriedExif(cameraExif(), "keep") ?? new Uint8Array());
  expect([...carried.subarray(0, 4), ...carried.subarray(20, 22)]).toEqual([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xe1]);
  const { exif, orientation } = await sharp(carried).metadata();
  expect(exif?.includes("(c) Ada")).toBe(true);
  expect(orientation).toBeUndefined();
  expect(files.decode(carried)).toEqual(files.decode(jpeg));
});

test("it is found in JPEG, PNG and WebP by other writers", async () => {
  const withNotice = sharp(jpeg).withExif({ IFD0: { Copyright: "(c) Grace", Model: "Obscura" } });
  for (const format of ["jpeg", "png", "webp"] as const) {
    const source = new Uint8Array(await withNotice.clone().toFormat(format).toBuffer());
    expect(exifOf(await bytesOf("f=jpeg", source)), format).toContain("(c) Grace");
    expect(exifOf(await bytesOf("f=jpeg", source)), format).not.toContain("Obscura");
    expect(exifOf(await bytesOf("f=jpeg,metadata=keep", source)), format).toContain("Obscura");
    expect(exifOf(await bytesOf("f=jpeg,metadata=none", source)), format).toBe("");
  }
});

test("whatever is broken in it, the rendition is made", async () => {
  const whole = cameraExif();
  let carried = 0;
  let state = 7;
  for (let round = 0; round < 2_000; round++) {
    const tiff = whole.slice(0, round % 3 === 0 ? round % whole.length : whole.length);
    for (let change = 0; change < 4 && tiff.length > 8; change++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      tiff[state % tiff.length] = state >>> 24;
    }
    for (const kind of ["copyright", "keep"] as const) {
      const block = carriedExif(tiff, kind);
      if (!block) continue;
      carried += 1;
      expect(probePicture(withExif(jpeg, block))).toMatchObject({ width: 90, height: 60 });
      // What was written is read again as it is.
      expect(carriedExif(block, kind)).toEqual(block);
    }
  }
  expect(carried).toBeGreaterThan(500);
  for (const tiff of [new Uint8Array(), whole.slice(0, 6), new Uint8Array(3_000).fill(255)]) {
    expect(files.decode(await bytesOf("f=jpeg,metadata=keep", jpegWithTiff(jpeg, tiff))).width).toBe(90);
  }
});

test("a directory that names itself, or one value many times, grows no block", () => {
  const tiff = cameraExif();
  const view = new DataView(tiff.buffer);
  // The inner directories become the outer one.
  for (const entry of [4, 5]) view.setUint32(10 + 12 * entry + 8, 8);
  expect(carriedExif(tiff, "keep")?.length).toBeLessThan(1_000);
  const greedy = new Uint8Array(60_000);
  greedy.set([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 1, 244]);
  const entries = new DataView(greedy.buffer);
  for (let i = 0; i < 500; i++) {
    const at = 10 + 12 * i;
    entries.setUint16(at, 0xc000 + i);
    entries.setUint16(at + 2, 7);
    entries.setUint32(at + 4, 50_000);
    entries.setUint32(at + 8, 100);
  }
  expect(carriedExif(greedy, "keep")).toBeUndefined();
});

function exifOf(file: Uint8Array): string {
  const start = Buffer.from(file).indexOf("Exif\0\0");
  return start < 0 ? "" : Buffer.from(file.subarray(start, start + 2_000)).toString("latin1");
}
