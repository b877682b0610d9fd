import { readExif } from "./exif.ts";
import type { Orientation, StoredPicture } from "./picture.ts";
import { HeaderBroken, type Reader } from "./reader.ts";

/** VP8 (RFC 6386 §9.1), VP8L (its bitstream specification §3) or VP8X (extended format, RFC 9649 §2.7). */
export function probeWebp(reader: Reader): StoredPicture {
  const tag = reader.tag(12);
  if (tag === "VP8X") return probeExtended(reader);
  if (tag === "VP8 ") {
    if ((reader.u24le(23) & 0xffffff) !== 0x2a019d) throw new HeaderBroken("no VP8 start code");
    const size = { width: reader.u16(26, true) & 0x3fff, height: reader.u16(28, true) & 0x3fff };
    return stored({ ...size, hasAlpha: false, coding: "plain" });
  }
  if (tag !== "VP8L") throw new HeaderBroken("neither VP8, VP8L nor VP8X");
  if (reader.u8(20) !== 0x2f) throw new HeaderBroken("no VP8L signature");
  const bits = reader.u32(21, true);
  const size = { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  return stored({ ...size, hasAlpha: ((bits >>> 28) & 1) === 1, coding: "lossless" });
}

function probeExtended(reader: Reader): StoredPicture {
  const flags = reader.u8(20);
  let exif: ReturnType<typeof readExif> | undefined;
  // The dearer coding until the pixels are seen: profiles before them may be larger than the first bytes.
  let coding: StoredPicture["coding"] = "lossless";
  for (let at = 30; at + 8 <= reader.length; ) {
    const tag = reader.tag(at);
    const length = reader.u32(at + 4, true);
    if (tag === "VP8 ") coding = "plain";
    if (tag === "EXIF" && at + 8 + length <= reader.length) exif = exifIn(reader, at + 8, length);
    at += 8 + length + (length & 1);
  }
  return stored({
    width: reader.u24le(24) + 1,
    height: reader.u24le(27) + 1,
    hasAlpha: (flags & 0x10) !== 0,
    isAnimated: (flags & 0x02) !== 0,
    ...exif,
    coding,
  });
}

/** Some writers put JPEG's `Exif\0\0` before the TIFF block. */
function exifIn(reader: Reader, at: number, length: number) {
  const prefix = length >= 6 && reader.tag(at) === "Exif" ? 6 : 0;
  return readExif(reader, at + prefix, at + length);
}

function stored(picture: Pick<StoredPicture, "width" | "height" | "hasAlpha" | "coding"> & Partial<StoredPicture>) {
  const channels = picture.hasAlpha ? 4 : 3;
  return {
    format: "webp" as const,
    orientation: 1 as Orientation,
    isAnimated: false,
    bitDepth: 8,
    channels,
    samplesPerPixel: picture.coding === "lossless" ? channels : 1.5,
    ...picture,
  };
}
