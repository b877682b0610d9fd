/**
 * What a picture may be, told from its header. An isolate has 128 MiB for JavaScript and WASM together, and no
 * local run enforces it: the numbers here are the only guard.
 */
import { Problem, type RenditionFormat } from "@vitrine/contracts";
import { decoderBytes } from "./memory.ts";
import type { PictureFormat, PictureProbe } from "./probe/picture.ts";

/** 128 MiB is 134.2 MB. 30 MB of it stay for the heap, compiled code, the answers on their way and garbage. */
const pictureBudgetBytes = 104_000_000;

export const pictureLimits = {
  /** Bytes that one picture may take at its worst moment, files and copies included; also for all together. */
  pictureBudgetBytes,
  /**
   * The most pixels of a format, in its cheapest coding and a file of usual size; others end earlier, see
   * `maxPixelsOf`. Every number is 104 MB / (decoder's bytes a pixel + 1 for the shrunk copy + the file's bytes a pixel
   * as often as it is there), rounded down: JPEG 4 + 1 + 3 × 0.4 · PNG 4.3 + 1 + 2 × 1.5 · WebP 5.2 + 1 + 3 × 0.25 ·
   * AVIF 21 + 1 + 3 × 0.2.
   */
  maxInputPixels: { jpeg: 16_700_000, png: 12_500_000, webp: 15_000_000, avif: 4_600_000 },
  /** The longest side of a rendition where the plan leaves one open; WebP ends at 16,383. */
  maxOutputSide: 8_192,
  /** 1200×1600, the largest box, is 1.92 MP; AVIF's encoder takes 36 bytes a pixel, 72 MB. */
  maxOutputPixels: 2_000_000,
} as const satisfies { maxInputPixels: Record<RenditionFormat, number>; [limit: string]: unknown };

/**
 * Refuses from the header alone what cannot be decoded here: more pixels than fit into memory
 * (`too-many-pixels`), and formats and codings that the decoders do not know (`unsupported-media-type`).
 */
export function assertDecodable(probe: PictureProbe): void {
  const refusal = unsupported(probe);
  if (refusal) throw new Problem("unsupported-media-type", refusal);
  const pixels = probe.width * probe.height;
  const maxPixels = maxPixelsOf(probe);
  if (pixels > maxPixels) {
    const name = `${probe.format.toUpperCase()}${probe.coding === "plain" ? "" : ` (${probe.coding})`}`;
    throw new Problem(
      "too-many-pixels",
      `The picture has ${megapixels(pixels)} megapixels (${probe.width}×${probe.height}); a ${name} of this kind may ` +
        `have ${megapixels(maxPixels)}: send it smaller.`,
    );
  }
}

/** The most pixels of this kind of picture: its cost a pixel and the size of its very file are known. */
export function maxPixelsOf(probe: PictureProbe): number {
  const cap = pictureLimits.maxInputPixels[decodableFormat(probe.format)];
  const pixels = probe.width * probe.height;
  const cost = decoderBytes(probe);
  // One byte a pixel: the copy in JavaScript, shrunk to a half at least when the picture is large.
  const forPixels = pictureBudgetBytes - cost.fixed - probe.fileBytes;
  return Math.max(0, Math.min(cap, Math.floor(forPixels / (cost.total(pixels) / pixels + 1))));
}

/** One sentence, or undefined when the decoders know this kind. */
function unsupported({ format, channels, coding, bitDepth, isAnimated }: PictureProbe): string | undefined {
  if (format === "gif") return "GIF is not taken: send a JPEG, PNG, WebP or AVIF.";
  if (isAnimated && format !== "png") return `Animated ${format.toUpperCase()} is not taken: send a still picture.`;
  if (format !== "jpeg") return undefined;
  if (coding === "arithmetic") return "JPEG with arithmetic coding is not taken: save it as an ordinary JPEG.";
  if (coding === "lossless") return "Lossless JPEG is not taken: save it as an ordinary JPEG or as PNG.";
  if (bitDepth !== 8) return `A JPEG of ${bitDepth} bits is not taken: save it with 8 bits a channel.`;
  if (channels === 4) return "A JPEG in CMYK is not taken: save it in RGB.";
  if (channels === 2) return "A JPEG of two channels is not taken: save it in RGB or grey.";
  return undefined;
}

function decodableFormat(format: PictureFormat): RenditionFormat {
  return format === "gif" ? "png" : format;
}

/** Rounded down, so that a limit is never told larger than it is. */
function megapixels(pixels: number): string {
  return (Math.floor(pixels / 100_000) / 10).toFixed(1);
}
