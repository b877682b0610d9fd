/**
 * How much WASM memory a picture takes, from its header and its plan alone, before any work: an upper bound for
 * every picture of that header, noise included, which takes the most of entropy coders' buffers.
 *
 * Three moments compete: reading (decoder, filters, canvas), converting (two canvases) and encoding (canvas,
 * encoder, file). Constants are bytes of libjpeg's, libwebp's and zlib's own structures where they are known, else
 * measured on noise and named so.
 */
import type { Size } from "../geometry.ts";
import type { Animation } from "../probe/animation.ts";
import type { Orientation, PictureProbe } from "../probe/picture.ts";
import { windowBytes } from "./feed.ts";
import { storedRegion, swapIf, turns } from "./orientation.ts";
import { chromaDivisor, keepsYcc, type OutputOptions, type RenderPlan, webpSettings } from "./plan.ts";

/** Code's tables, the stack of 256 KiB, and the allocator's first blocks. */
export const fixedBytes = 1_100_000;
/** What the allocator loses between blocks, measured at most. */
export const fragmentation = 1.06;
/** The module's memory begins with 2 MiB and grows by 1. */
const leastBytes = 2 * 2 ** 20;
export const growthBytes = 2 ** 20;

/** The probe of a picture, and what only memory depends on. */
export type MemoryProbe = PictureProbe & {
  /** PNG in passes, whose pixels have to be kept until the last. */
  isInterlaced: boolean;
  /** A JPEG whose planes may have to become RGBA: with a colour profile, or not in YCbCr. */
  mayNeedRgba: boolean;
  /** Of an animated GIF or WebP whose whole file was seen. */
  animation?: Animation;
};

/** `prefix` is the beginning of the file; PNG 11.2.2: IHDR's last byte, at 28, is the interlace method. */
export function memoryProbe(probe: PictureProbe, prefix: Uint8Array): MemoryProbe {
  // RGB and CMYK are not told apart from YCbCr and YCCK here, but neither is ever subsampled.
  const mayBeOtherColour = probe.channels > 3 || probe.samplesPerPixel === 3;
  return {
    ...probe,
    isInterlaced: probe.format === "png" && prefix[28] !== 0,
    mayNeedRgba: mayBeOtherColour || contains(prefix.subarray(0, profileReach), jpegProfileMark),
  };
}

/** What memory depends on where the source is pixels: they come in windows of rows, as an opaque or clear PNG's do. */
export function rasterProbe(source: Size & { hasAlpha: boolean; orientation?: Orientation }): MemoryProbe {
  const { width, height, hasAlpha, orientation = 1 } = source;
  const size = swapIf(turns[orientation].swapsAxes, { width, height });
  return {
    ...{ format: "png", contentType: "image/png", ...size, orientation, hasAlpha, isAnimated: false, bitDepth: 8 },
    ...{ channels: 4, coding: "plain", samplesPerPixel: 4, fileBytes: 0, isInterlaced: false, mayNeedRgba: true },
  };
}

/** ICC.1 B.4: what an APP2 segment with a profile begins with. */
const jpegProfileMark = [..."ICC_PROFILE\0"].map((character) => character.charCodeAt(0));
/** Behind EXIF with its preview and a few segments of XMP, 64 kB each. */
const profileReach = 262_144;

function contains(bytes: Uint8Array, mark: readonly number[]): boolean {
  for (let at = bytes.indexOf(mark[0] ?? 0); at >= 0; at = bytes.indexOf(mark[0] ?? 0, at + 1)) {
    if (mark.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

export function predictMemory(probe: MemoryProbe, plan: RenderPlan): number {
  const canvas = canvasBytes(probe, plan);
  const reading = decoderBytes(probe) + filterBytes(probe, plan) + canvas.read;
  const bytes = fixedBytes + fragmentation * Math.max(reading, canvas.converting, encodingBytes(probe, plan));
  return Math.max(leastBytes, Math.ceil(bytes / growthBytes) * growthBytes);
}

/** Coefficients and blocks are kept for whole MCUs, 16 pixels each way in 4:2:0. */
const padded = ({ width, height }: Size) => Math.ceil(width / 16) * 16 * Math.ceil(height / 16) * 16;

export function decoderBytes(probe: MemoryProbe): number {
  const { format, coding, samplesPerPixel, width, height, fileBytes, hasAlpha } = probe;
  const pixels = width * height;
  const side = swapIf(turns[probe.orientation].swapsAxes, probe).width;
  switch (format) {
    case "jpeg": {
      // Tables and pools; a row of MCUs at full size, upsampled and as RGB; 16-bit coefficients where scans refine
      // each other.
      const coefficients = coding === "plain" ? 0 : 2 * samplesPerPixel * padded(probe);
      // Arithmetic decoding cannot pause: the window doubles until it holds the file, beside the one before.
      const window = coding === "arithmetic" ? 3 * Math.max(windowBytes, fileBytes) : windowBytes;
      return 160_000 + window + 24 * samplesPerPixel * side + coefficients;
    }
    case "png":
      // Inflate's window and tables, three rows, the bytes in hand; all of it as RGBA if passes interlace.
      return 120_000 + windowBytes + 24 * side + (probe.isInterlaced ? 4 * pixels : 0);
    case "webp":
      // The file, and per macroblock its modes, filters and the rows above. Lossless keeps every pixel, and alpha is
      // a lossless picture of one byte or, with many colours, four a pixel.
      if (coding === "lossless") return fileBytes + 1_200_000 + 4 * pixels + 96 * side;
      return fileBytes + 120_000 + 110 * side + (hasAlpha ? 5 * pixels + 600_000 : 0);
    case "gif":
      return fileBytes + 140_000 + 10 * side + pixels;
    case "avif":
      return 0;
  }
}

/** Lanczos' six taps for every source sample that an output sample covers, in rows of the window. */
export function filterBytes(probe: PictureProbe, plan: RenderPlan): number {
  const turn = turns[probe.orientation];
  const crop = storedRegion(plan.crop ?? { left: 0, top: 0, width: probe.width, height: probe.height }, probe, turn);
  const output = swapIf(turn.swapsAxes, plan.output);
  const isPlanar = probe.format === "jpeg";
  // Scaled decoding leaves a step below 3 to JPEG's planes, except beyond 1/8; boxes leave one below 12 to all.
  const stepX = crop.width / output.width;
  const stepY = crop.height / output.height;
  const scale = isPlanar ? decodedStep(Math.min(stepX, stepY)) : 1;
  const box = Math.min(stepX, stepY) / scale >= 12 ? Math.floor(Math.min(stepX, stepY) / scale / 6) : 1;
  const samplesWide = crop.width / scale / box + 8;
  const tapsY = Math.min(6 * Math.max(1, stepY / scale / box) + 4, crop.height / scale + 2);
  const tapsX = 6 * Math.max(1, stepX / scale / box) + 12;
  const channels = isPlanar ? Math.max(1, probe.samplesPerPixel) : 4;
  const ring = channels * (samplesWide + 48) * (tapsY + 2);
  const sums = box > 1 ? 4 * channels * samplesWide : 0;
  const weights = 2 * (output.width * tapsX + output.height * tapsY) + 4 * (output.width + output.height);
  const planes = isPlanar ? Math.min(3, channels) : 1;
  const wholeRows = isPlanar ? 0 : 12 * crop.width;
  return ring + sums + planes * weights + wholeRows;
}

/** By how much a JPEG is shrunk before the filters see it; the rule of jpeg-scale.ts. */
function decodedStep(shrink: number): number {
  const whole = [8, 4, 2].find((candidate) => candidate <= shrink) ?? 1;
  return whole > 1 && Math.floor(shrink) === whole ? whole / 2 : whole;
}

/** Rows are padded to 16 samples and 16 bytes. */
export function planeBytes({ width, height }: Size, channels: number): number {
  return (Math.ceil(width / 16) * 16 * channels + 16) * height;
}

export function canvasBytes(probe: MemoryProbe, plan: RenderPlan): { read: number; converting: number } {
  const rgba = planeBytes(plan.output, 4);
  if (probe.format !== "jpeg") return { read: rgba, converting: isTurned(probe) ? 2 * rgba : rgba };
  if (staysPlanar(probe, plan)) {
    const planes = chromaSamples(plan.encode) * planeBytes(plan.output, 1);
    return { read: planes, converting: isTurned(probe) ? 2 * planes : planes };
  }
  const planes = probe.channels * planeBytes(plan.output, 1);
  return { read: planes, converting: Math.max(planes + rgba, isTurned(probe) ? 2 * rgba : 0) + transformBytes(probe) };
}

/** lcms2's tables and the profile itself: of four inks, and of three channels. */
const transformBytes = ({ channels, mayNeedRgba }: MemoryProbe) =>
  channels > 3 ? 6_500_000 : mayNeedRgba ? 1_500_000 : 0;

const staysPlanar = (probe: MemoryProbe, plan: RenderPlan) =>
  probe.format === "jpeg" && !probe.mayNeedRgba && keepsYcc(plan);

/** Samples for one pixel of the result, in the planes that an encoder takes. */
const chromaSamples = (encode: OutputOptions) => (chromaDivisor(encode) === 2 ? 1.52 : 3);

const isTurned = ({ orientation }: PictureProbe) => orientation !== 1;

function encodingBytes(probe: MemoryProbe, plan: RenderPlan): number {
  const { output, encode } = plan;
  const pixels = output.width * output.height;
  const canvas = planeBytes(output, 4);
  switch (encode.format) {
    case "raw":
      return canvas;
    case "png": {
      // First the slots and entries of the histogram, then its neighbours, deflate, two rows of errors and the file.
      if (encode.quality !== undefined) {
        return canvas + Math.max(3_100_000, 680_000 + 40 * output.width + grown(pixels));
      }
      // Deflate's 268 kB, and a file of at most the pixels, grown by halves beside its predecessor.
      const channels = probe.hasAlpha ? 4 : 3;
      return canvas + 300_000 + grown(channels * pixels);
    }
    case "jpeg":
      return jpegEncoderBytes(encode, { isRgba: !staysPlanar(probe, plan), output });
    case "webp":
      return webpEncoderBytes(webpSettings(encode, output), {
        hasAlpha: probe.hasAlpha || encode.sharpYuv === true,
        // RGB from a JPEG is gone before the encoder begins, and counts as converting.
        isRgba: !staysPlanar(probe, plan) && (probe.format !== "jpeg" || probe.mayNeedRgba),
        output,
      });
  }
}

/** A file that grew by halves, and the one that it was copied from. */
export const grown = (bytes: number) => 2.5 * bytes;

function jpegEncoderBytes(
  encode: Extract<OutputOptions, { format: "jpeg" }>,
  { isRgba, output }: { isRgba: boolean; output: Size },
): number {
  const samples = chromaSamples(encode);
  const canvas = isRgba ? planeBytes(output, 4) : samples * planeBytes(output, 1);
  const keepsCoefficients = encode.progressive === true || encode.optimise === true;
  const coefficients = keepsCoefficients ? 2 * samples * padded(output) : 0;
  // Measured on noise: bytes a sample.
  const coded = interpolate(encode.quality, [60, 0.35], [80, 0.47], [90, 0.7], [100, 1.45]);
  return canvas + 150_000 + 64 * output.width + coefficients + grown(coded * samples * output.width * output.height);
}

export function webpEncoderBytes(
  settings: ReturnType<typeof webpSettings>,
  { hasAlpha, isRgba, output }: { hasAlpha: boolean; isRgba: boolean; output: Size },
): number {
  const pixels = output.width * output.height;
  // Measured on noise, the canvas and its copies included: hash chains for every pixel, and at most 2,600 histograms
  // (libwebp's MAX_HUFF_IMAGE_SIZE), one for 8x8 pixels.
  if (settings.lossless) return Math.min(2600, pixels / 64) * (hasAlpha ? 15_200 : 7_600) + 29.5 * pixels + 700_000;
  if (hasAlpha) return 600_000 + 41.5 * pixels;
  // Macroblocks' modes and levels, and tokens of 16 bits, of which noise at full quality has one every third pixel.
  const canvas = isRgba ? 2.6 : 0;
  if (settings.method < 3) return 500_000 + (canvas + 7.2) * pixels;
  if (settings.savesMemory)
    return 500_000 + (canvas + interpolate(settings.quality, [60, 4], [85, 4.4], [100, 7])) * pixels;
  return 400_000 + interpolate(settings.quality, [60, 14.6], [85, 19], [100, 28.5]) * pixels + canvas * pixels;
}

type Point = readonly [x: number, y: number];

/** Straight lines between points, level outside. */
export function interpolate(x: number, ...points: readonly Point[]): number {
  const next = points.findIndex(([at]) => at >= x);
  const [x1, y1] = points[next] ?? points[points.length - 1] ?? [0, 0];
  const [x0, y0] = points[next - 1] ?? [x1, y1];
  return x1 === x0 ? y1 : y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}
