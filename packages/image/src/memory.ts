/**
 * How many bytes a picture will take, from its header and plans alone. The constants were measured as the WASM
 * memory after one call in a new instance, with pictures of 1 to 24 MP; emscripten's growth by a fifth is in them.
 */
import type { RenditionFormat } from "@vitrine/contracts";
import type { Geometry, Reduction, Size } from "./geometry.ts";
import type { PictureProbe } from "./probe/picture.ts";

/** Emscripten's initial memory. */
const emscriptenBytes = 16_777_216;
const rustBytes = 1_500_000;

/** Bytes that an encoder takes for each pixel, its copy of the raster included. */
const encoderBytesPerPixel = { jpeg: 26, webp: 18, avif: 37, png: 14 } as const satisfies Record<
  RenditionFormat,
  number
>;
/** WebP codes alpha as a second, lossless picture. */
const webpAlphaBytesPerPixel = 39;

/** WASM memory of the decoder: what does not depend on the pixels, and all of it. */
export function decoderBytes(probe: PictureProbe): { fixed: number; total(pixels: number): number } {
  const isRust = probe.format === "png";
  // The emscripten decoders take the file twice (embind's copy, and one passed by value), PNG's once.
  const fixed = isRust ? rustBytes + probe.fileBytes : 3_000_000 + 2 * probe.fileBytes;
  const perPixel = decoderBytesPerPixel(probe);
  const least = isRust ? 0 : emscriptenBytes;
  return { fixed, total: (pixels) => Math.max(least, perPixel * pixels) };
}

/** Measured maxima, growth included; the smaller numbers of a format are its cheaper kinds. */
function decoderBytesPerPixel({ format, coding, samplesPerPixel, bitDepth, hasAlpha, channels }: PictureProbe): number {
  switch (format) {
    case "jpeg":
      // RGBA, and all coefficients (2 bytes a sample) where the scans come one after the other.
      return coding === "progressive" ? (4 + 2 * samplesPerPixel) * 1.18 : 4.05;
    case "png":
      // Decoded in 8 bits and then copied into RGBA, which colour without alpha makes grow on the way: 9.1.
      if (channels === 4) return 4.3;
      return channels === 3 ? 9.2 : 4.2 + channels + (hasAlpha ? 1 : 0);
    case "webp":
      return coding === "lossless" ? 10.4 : hasAlpha ? 7.6 : 5.2;
    case "avif": {
      // Frames in 8 or 16 bits, and as many again for alpha, which is a picture of its own.
      const colours = samplesPerPixel - (hasAlpha ? 1 : 0);
      const still = bitDepth === 8 ? 18 + 2 * colours : 32 + 8 * colours;
      return hasAlpha ? 2 * still : still;
    }
    case "gif":
      return 4;
  }
}

export interface Work {
  probe: PictureProbe;
  /** What is made from it, beside the format where the result is encoded. */
  outputs: readonly { geometry: Geometry; format: RenditionFormat | null }[];
  reduction: Reduction;
}

/**
 * The bytes of the worst moment of decoding, shrinking, resizing and encoding, with the file itself and all
 * copies in JavaScript. Idle codec instances are not in it: they are dropped when a picture needs their room.
 */
export function predictBytes({ probe, outputs, reduction }: Work): number {
  const decoder = decoderBytes(probe);
  const raster: Size = {
    width: Math.ceil(probe.width / reduction),
    height: Math.ceil(probe.height / reduction),
  };
  const rasterBytes = 4 * raster.width * raster.height;
  const kept = probe.fileBytes + rasterBytes;
  // Turning a picture upright makes a second raster, but the decoder is idle by then.
  const turning = probe.orientation === 1 ? 0 : rasterBytes;
  const decoding = decoder.fixed + decoder.total(probe.width * probe.height);
  const making = outputs.map(({ geometry: { crop, output }, format }) => {
    const cropped = { width: crop.width / reduction, height: crop.height / reduction };
    return Math.max(resizerBytes(cropped, output, probe.hasAlpha), encodingBytes(output, format, probe.hasAlpha));
  });
  return Math.ceil(kept + Math.max(decoding, turning, ...making));
}

/** JavaScript's crop and premultiplied copy, the resizer's copy, its rows of floats, and the result twice. */
function resizerBytes(from: Size, to: Size, hasAlpha: boolean): number {
  const pixels = from.width * from.height;
  const rowsOfFloats = 16 * to.width * from.height;
  return rustBytes + (hasAlpha ? 12 : 8) * pixels + rowsOfFloats + 8 * to.width * to.height;
}

function encodingBytes(output: Size, format: RenditionFormat | null, hasAlpha: boolean): number {
  if (format === null) return 4 * output.width * output.height;
  const perPixel = format === "webp" && hasAlpha ? webpAlphaBytesPerPixel : encoderBytesPerPixel[format];
  const raster = 4 * output.width * output.height;
  return raster + Math.max(emscriptenBytes, perPixel * output.width * output.height);
}
