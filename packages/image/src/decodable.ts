/** What is refused from its header alone, before anything is kept or decoded. */
import { Problem } from "@vitrine/contracts";
import { scaleDown } from "./geometry.ts";
import { pictureLimits } from "./limits.ts";
import { type OutputWork, predictOutput } from "./memory.ts";
import type { MemoryProbe } from "./pack/memory.ts";
import { presets } from "./presets.ts";
import type { PictureProbe } from "./probe/picture.ts";
import { chooseReduction } from "./reduction.ts";

/**
 * Refuses what cannot be decoded here: more pixels than may be or than fit into memory (`too-many-pixels`), and
 * codings that the decoders do not know (`unsupported-media-type`).
 */
export function assertDecodable(probe: MemoryProbe): void {
  const refusal = unsupported(probe);
  if (refusal) throw new Problem("unsupported-media-type", refusal);
  const { width, height } = probe;
  const { maxInputPixels, maxInputSide } = pictureLimits;
  if (Math.max(width, height) > maxInputSide) {
    const size = `${width}×${height} pixels`;
    throw new Problem("too-many-pixels", `The picture has ${size}; a side may have ${maxInputSide}: send it smaller.`);
  }
  const isTooLarge = width * height > maxInputPixels || needs(probe) > pictureLimits.pictureBudgetBytes;
  if (!isTooLarge) return;
  throw new Problem(
    "too-many-pixels",
    `The picture has ${megapixels(width * height)} megapixels (${width}×${height}); a ${nameOf(probe)} of this kind ` +
      `may have ${megapixels(maxPixelsOf(probe))}: send it smaller.`,
  );
}

/** The most pixels of this kind of picture, of this shape and in a file of this size. */
export function maxPixelsOf(probe: MemoryProbe): number {
  const pixels = probe.width * probe.height;
  let low = 0;
  let high: number = pictureLimits.maxInputPixels;
  while (high - low > megapixelTenth) {
    const middle = (low + high) / 2;
    const scale = Math.sqrt(middle / pixels);
    const scaled = {
      ...probe,
      width: Math.max(1, Math.floor(probe.width * scale)),
      height: Math.max(1, Math.floor(probe.height * scale)),
    };
    if (needs(scaled) <= pictureLimits.pictureBudgetBytes) low = middle;
    else high = middle;
  }
  return high === pictureLimits.maxInputPixels ? high : Math.floor(low);
}

/** Bytes for what ingest makes of every picture at least, with the file held beside it. */
function needs(probe: MemoryProbe): number {
  const whole = { left: 0, top: 0, width: probe.width, height: probe.height };
  const shape = { crop: whole, output: scaleDown(probe, presets.feed) };
  const { format, quality } = presets.feed;
  const work: OutputWork = { shape, steps: [], encode: { format, quality } };
  return probe.fileBytes + predictOutput(probe, chooseReduction([shape]), work);
}

/** One sentence, or undefined when the decoders know this kind. */
function unsupported({ format, channels, coding, bitDepth, isAnimated }: PictureProbe): string | undefined {
  if (format === "avif" && isAnimated) return "Animated AVIF is not taken: send a still picture.";
  if (format !== "jpeg") return undefined;
  if (coding === "lossless") return "Lossless JPEG is not taken: save it as an ordinary JPEG or as PNG.";
  if (bitDepth !== 8) return `A JPEG of ${bitDepth} bits is not taken: save it with 8 bits a channel.`;
  if (channels === 2) return "A JPEG of two channels is not taken: save it in RGB or grey.";
  return undefined;
}

function nameOf({ format, coding }: PictureProbe): string {
  const kind = coding === "plain" ? "" : ` (${format === "png" ? "interlaced" : coding})`;
  return `${format.toUpperCase()}${kind}`;
}

const megapixelTenth = 100_000;

/** Rounded down, so that a limit is never told larger than it is. */
function megapixels(pixels: number): string {
  return (Math.floor(pixels / megapixelTenth) / 10).toFixed(1);
}
