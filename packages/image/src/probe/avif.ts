/** AVIF's header: boxes (ISO/IEC 14496-12) with the properties of the primary item (HEIF, ISO/IEC 23008-12). */
import type { Orientation, StoredPicture } from "./picture.ts";
import { HeaderBroken, HeaderEnds, type Reader } from "./reader.ts";

interface Box {
  type: string;
  /** Where the content begins and ends. */
  start: number;
  end: number;
}

/** Deeper or longer lists than real files have are a trap for the reader. */
const maxBoxes = 4_096;

export function probeAvif(reader: Reader): StoredPicture {
  const meta = [...boxesIn(reader, 0, reader.length)].find((box) => box.type === "meta");
  if (!meta) throw new HeaderEnds("the meta box may stand behind the pixels");
  const inMeta = [...boxesIn(reader, meta.start + 4, meta.end)];
  const primary = readPrimary(reader, find(inMeta, "pitm"));
  const iprp = find(inMeta, "iprp");
  const inProperties = [...boxesIn(reader, iprp.start, iprp.end)];
  const ipco = find(inProperties, "ipco");
  const all = [...boxesIn(reader, ipco.start, ipco.end)];
  const own = readAssociations(reader, find(inProperties, "ipma"), primary).map((index) => all[index - 1]);
  const property = (type: string) => own.find((box) => box?.type === type);
  const ispe = property("ispe");
  if (!ispe) throw new HeaderBroken("the primary item has no size");
  const hasAlpha = all.some((box) => box.type === "auxC" && isAlpha(reader, box));
  const { bitDepth, samples, isMonochrome } = readSampling(reader, property("av1C") ?? find(all, "av1C"));
  return {
    format: "avif",
    width: reader.u32(ispe.start + 4),
    height: reader.u32(ispe.start + 8),
    orientation: orientationOf(reader, property("irot"), property("imir")),
    hasAlpha,
    isAnimated: reader.tag(8) === "avis",
    bitDepth,
    channels: (isMonochrome ? 1 : 3) + (hasAlpha ? 1 : 0),
    coding: "plain",
    samplesPerPixel: samples + (hasAlpha ? 1 : 0),
  };
}

function* boxesIn(reader: Reader, start: number, end: number): Generator<Box> {
  let at = start;
  for (let count = 0; at + 8 <= end; count++) {
    if (count > maxBoxes) throw new HeaderBroken("too many boxes");
    const size32 = reader.u32(at);
    const isLong = size32 === 1;
    const size = isLong ? reader.u32(at + 8) * 2 ** 32 + reader.u32(at + 12) : size32 === 0 ? end - at : size32;
    const header = isLong ? 16 : 8;
    if (size < header) throw new HeaderBroken("a box is shorter than its own header");
    yield { type: reader.tag(at + 4), start: at + header, end: at + size };
    at += size;
  }
}

/** The first box of a type. */
function find(boxes: Iterable<Box>, type: string): Box {
  for (const box of boxes) if (box.type === type) return box;
  throw new HeaderBroken(`no ${type} box`);
}

function readPrimary(reader: Reader, pitm: Box): number {
  return reader.u8(pitm.start) === 0 ? reader.u16(pitm.start + 4) : reader.u32(pitm.start + 4);
}

/** The 1-based indexes of an item's properties. */
function readAssociations(reader: Reader, ipma: Box, item: number): number[] {
  const hasLongIds = reader.u8(ipma.start) > 0;
  const hasLongIndexes = (reader.u8(ipma.start + 3) & 1) === 1;
  const items = reader.u32(ipma.start + 4);
  if (items > maxBoxes) throw new HeaderBroken("too many items");
  let at = ipma.start + 8;
  for (let i = 0; i < items; i++) {
    const id = hasLongIds ? reader.u32(at) : reader.u16(at);
    at += hasLongIds ? 4 : 2;
    const count = reader.u8(at);
    at += 1;
    const step = hasLongIndexes ? 2 : 1;
    if (id === item) {
      const indexAt = (n: number) => (hasLongIndexes ? reader.u16(at + n * 2) & 0x7fff : reader.u8(at + n) & 0x7f);
      return Array.from({ length: count }, (_, n) => indexAt(n));
    }
    at += count * step;
  }
  return [];
}

/** av1C (AV1-ISOBMFF §2.3.3): depth, monochrome and chroma subsampling are bits of the third byte. */
function readSampling(reader: Reader, av1C: Box) {
  const bits = reader.u8(av1C.start + 2);
  const isMonochrome = (bits & 0x10) !== 0;
  const halves = ((bits >> 3) & 1) + ((bits >> 2) & 1);
  const bitDepth = (bits & 0x40) === 0 ? 8 : (bits & 0x20) === 0 ? 10 : 12;
  return { isMonochrome, bitDepth, samples: isMonochrome ? 1 : 1 + 2 / 2 ** halves };
}

/** The type is a URN that ends in `auxiliary:alpha` (HEVC's ends in `auxid:1`). */
function isAlpha(reader: Reader, auxC: Box): boolean {
  let urn = "";
  for (let at = auxC.start + 4; at < Math.min(auxC.end, auxC.start + 100); at++) {
    urn += String.fromCharCode(reader.u8(at));
  }
  return /auxiliary:alpha\0|auxid:1\0/.test(urn);
}

/**
 * Rotation (anticlockwise quarter turns) and then mirror (0 exchanges top and bottom, 1 left and right) as the
 * EXIF orientation of the same effect. EXIF itself counts for nothing in HEIF.
 */
function orientationOf(reader: Reader, irot: Box | undefined, imir: Box | undefined): Orientation {
  const turns = irot ? reader.u8(irot.start) & 3 : 0;
  const mirror = imir ? 1 + (reader.u8(imir.start) & 1) : 0;
  const table: Orientation[][] = [
    [1, 4, 2],
    [8, 5, 7],
    [3, 2, 4],
    [6, 7, 5],
  ];
  return table[turns]?.[mirror] ?? 1;
}
