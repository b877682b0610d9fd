/** Pictures drawn by code for tests, and the metadata that encoders do not write. */
import type { Raster } from "@vitrine/contracts";
import type { Size } from "../geometry.ts";
import type { Orientation } from "../probe/picture.ts";

/** Soft hills under four corners of different colours: every turn and mirror of it is another picture. */
export function drawCompass({ width, height }: Size): Raster {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [right, down] = [x / width, y / height];
      const hill = 30 * Math.sin(right * 9) * Math.cos(down * 7);
      data.set([40 + 180 * right + hill, 40 + 180 * down + hill, 200 - 150 * right * down, 255], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

/** The same, fading from opaque on the left to nothing on the right. */
export function drawFading(size: Size): Raster {
  const raster = drawCompass(size);
  for (let at = 3, x = 0; at < raster.data.length; at += 4, x = (x + 1) % size.width) {
    raster.data[at] = Math.round(255 * (1 - x / Math.max(1, size.width - 1)));
  }
  return raster;
}

/** How a camera would store the upright picture under an orientation: what the viewer must undo. */
export function storedAs({ width, height, data }: Raster, orientation: Orientation): Raster {
  const isSwapped = orientation >= 5;
  const stored = { width: isSwapped ? height : width, height: isSwapped ? width : height };
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = storedPlace({ x, y, right: width - 1 - x, below: height - 1 - y }, orientation);
      result.set(data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4), (row * stored.width + column) * 4);
    }
  }
  return { ...stored, data: result };
}

/** EXIF 2.32: what the 0th row and the 0th column of the stored picture are to the viewer. */
function storedPlace(at: { x: number; y: number; right: number; below: number }, orientation: Orientation) {
  const places: Record<Orientation, [column: number, row: number]> = {
    1: [at.x, at.y], // top, left
    2: [at.right, at.y], // top, right
    3: [at.right, at.below], // bottom, right
    4: [at.x, at.below], // bottom, left
    5: [at.y, at.x], // left, top
    6: [at.y, at.right], // right, top
    7: [at.below, at.right], // right, bottom
    8: [at.below, at.x], // left, bottom
  };
  return places[orientation];
}

/** Mean difference of the channels of two rasters of one size. */
export function meanDifference(a: Raster, b: Raster): number {
  if (a.width !== b.width || a.height !== b.height) {
    throw new Error(`${a.width}×${a.height} is not ${b.width}×${b.height}`);
  }
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - (b.data[i] ?? 0)), 0) / a.data.length;
}

/** A TIFF block with one entry, the orientation, big-endian. */
function tiff(orientation: Orientation): number[] {
  return [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
}

/** The JPEG with an APP1 of EXIF; `padding` bytes of another APP segment each before it. */
export function jpegWithExif(jpeg: Uint8Array, orientation: Orientation, paddings: number[] = []): Uint8Array {
  const segments = paddings.flatMap((length) => [0xff, 0xe2, ...big16(length + 2), ...new Array(length).fill(0xd9)]);
  const exif = [...ascii("Exif"), 0, 0, ...tiff(orientation)];
  return joined(jpeg.subarray(0, 2), segments, [0xff, 0xe1, ...big16(exif.length + 2), ...exif], jpeg.subarray(2));
}

/** The PNG with an eXIf chunk before its pixels. Checksums are 0: decoders skip what they do not know. */
export function pngWithExif(png: Uint8Array, orientation: Orientation): Uint8Array {
  const exif = tiff(orientation);
  const name = ascii("eXIf");
  return joined(
    png.subarray(0, 33),
    [...big32(exif.length), ...name, ...exif],
    big32(crc32([...name, ...exif])),
    png.subarray(33),
  );
}

/** A simple WebP in the extended format with an EXIF chunk at its end. */
export function webpWithExif(webp: Uint8Array, size: Size, orientation: Orientation): Uint8Array {
  const exif = tiff(orientation);
  const little24 = (value: number) => [value & 255, (value >> 8) & 255, value >> 16];
  const header = [
    ...ascii("VP8X"),
    10,
    0,
    0,
    0,
    0x08,
    0,
    0,
    0,
    ...little24(size.width - 1),
    ...little24(size.height - 1),
  ];
  const body = joined(ascii("WEBP"), header, webp.subarray(12), ascii("EXIF"), [exif.length, 0, 0, 0], exif);
  return joined(ascii("RIFF"), big32(body.length).reverse(), body);
}

export function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

export function big32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function big16(value: number): number[] {
  return [value >> 8, value & 255];
}

export function joined(...parts: (Uint8Array | number[])[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function crc32(bytes: number[]): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
