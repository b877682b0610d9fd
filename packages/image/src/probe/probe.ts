/**
 * Reads what a picture is from its header alone, before anything is decoded. Nothing here allocates by what the
 * header claims, and nothing reads past the bytes given.
 */
import { Problem } from "@vitrine/contracts";
import { type MemoryProbe, memoryProbe } from "../pack/memory.ts";
import { listFrames } from "./animation.ts";
import { probeAvif } from "./avif.ts";
import { probeGif } from "./gif.ts";
import { probeJpeg } from "./jpeg.ts";
import type { PictureFormat, StoredPicture } from "./picture.ts";
import { probePng } from "./png.ts";
import { HeaderBroken, HeaderEnds, type Reader, readerOf } from "./reader.ts";
import { probeWebp } from "./webp.ts";

const parsers: Record<PictureFormat, (reader: Reader) => StoredPicture> = {
  jpeg: probeJpeg,
  png: probePng,
  webp: probeWebp,
  avif: probeAvif,
  gif: probeGif,
};

/**
 * Format, upright size and coding of a picture, by its bytes and never by its name. Throws
 * `unsupported-media-type` for anything that is no picture known here, `unprocessable-image` for a broken header.
 */
export function probePicture(bytes: Uint8Array): MemoryProbe {
  try {
    return probe(bytes, bytes.length);
  } catch (error) {
    if (error instanceof HeaderEnds || error instanceof HeaderBroken) {
      throw new Problem("unprocessable-image", "The picture's header is damaged or cut off: send the file again.", {
        cause: error,
      });
    }
    throw error;
  }
}

/**
 * The same from the first bytes of a file of `fileBytes`; undefined when the header reaches further. What may
 * stand behind the pixels (EXIF of PNG and WebP) is not seen.
 */
export function probePrefix(prefix: Uint8Array, fileBytes: number): MemoryProbe | undefined {
  try {
    return probe(prefix, fileBytes);
  } catch (error) {
    if (error instanceof HeaderEnds) return undefined;
    if (error instanceof HeaderBroken) return probePicture(prefix);
    throw error;
  }
}

function probe(bytes: Uint8Array, fileBytes: number): MemoryProbe {
  const format = formatOf(bytes);
  if (!format) {
    throw new Problem(
      "unsupported-media-type",
      "This is no picture that can be shown: send JPEG, PNG, WebP, AVIF or GIF.",
    );
  }
  const stored = parsers[format](readerOf(bytes));
  if (stored.width === 0 || stored.height === 0) throw new HeaderBroken("a side of 0 pixels");
  const isTurned = stored.orientation >= 5;
  const width = isTurned ? stored.height : stored.width;
  const height = isTurned ? stored.width : stored.height;
  const isListed = bytes.length >= fileBytes && (format === "gif" || format === "webp");
  const animation = isListed ? listFrames(bytes, stored) : undefined;
  const isAnimated = isListed ? animation !== undefined : stored.isAnimated;
  const probed = memoryProbe(
    { ...stored, isAnimated, contentType: `image/${format}`, width, height, fileBytes },
    bytes,
  );
  return animation ? { ...probed, animation } : probed;
}

function formatOf(bytes: Uint8Array): PictureFormat | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  if (start.startsWith("\xff\xd8\xff")) return "jpeg";
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (start.startsWith("RIFF") && start.slice(8, 12) === "WEBP") return "webp";
  if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) return "gif";
  // The major brand, or, for files that call themselves mif1 or miaf first, any compatible one.
  if (start.slice(4, 8) === "ftyp") return isAvif(bytes) ? "avif" : undefined;
  return undefined;
}

function isAvif(bytes: Uint8Array): boolean {
  const length = Math.min(bytes.length, 256, readerOf(bytes).u32(0));
  const brands = String.fromCharCode(...bytes.subarray(8, length));
  return /^(?:.{4})*?avi[fs]/s.test(brands);
}
