import { readExif } from "./exif.ts";
import type { StoredPicture } from "./picture.ts";
import { HeaderBroken, type Reader } from "./reader.ts";

/** PNG, third edition, §11.2.1: colour type → channels; 3 is a palette, which decodes to colour. */
const channelsOf: Record<number, number> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };
const maxSide = 2 ** 31 - 1;

/** Reads IHDR, and walks the chunks for transparency, animation and EXIF, which may also stand behind the pixels. */
export function probePng(reader: Reader): StoredPicture {
  if (reader.tag(12) !== "IHDR" || reader.u32(8) !== 13) throw new HeaderBroken("IHDR is not the first chunk");
  const colourType = reader.u8(25);
  const channels = channelsOf[colourType];
  const bitDepth = reader.u8(24);
  if (channels === undefined || ![1, 2, 4, 8, 16].includes(bitDepth)) throw new HeaderBroken("unknown colour type");
  const width = reader.u32(16);
  const height = reader.u32(20);
  if (width > maxSide || height > maxSide) throw new HeaderBroken("a side is over 2^31 - 1");
  const { exif, isTransparent, isAnimated } = walkChunks(reader);
  return {
    format: "png",
    width,
    height,
    orientation: 1,
    ...exif,
    hasAlpha: isTransparent || colourType === 4 || colourType === 6,
    isAnimated,
    bitDepth,
    channels,
    coding: reader.u8(28) === 1 ? "progressive" : "plain",
    samplesPerPixel: channels,
  };
}

function walkChunks(reader: Reader) {
  const found = { isTransparent: false, isAnimated: false };
  let exif: ReturnType<typeof readExif> | undefined;
  let at = 33;
  let isPastPixels = false;
  // Before the pixels a chunk that is cut off is an unfinished header; behind them it only ends the walk.
  while (!isPastPixels || at + 8 <= reader.length) {
    const length = reader.u32(at);
    const tag = reader.tag(at + 4);
    if (tag === "IEND" || length > maxSide) break;
    if (tag === "IDAT") isPastPixels = true;
    if (tag === "tRNS") found.isTransparent = true;
    if (tag === "acTL") found.isAnimated = true;
    if (tag === "eXIf" && at + 8 + length <= reader.length) {
      exif = readExif(reader, at + 8, at + 8 + length);
    }
    at += 12 + length;
  }
  return { ...found, exif };
}
