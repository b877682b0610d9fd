import { readExif } from "./exif.ts";
import type { StoredPicture } from "./picture.ts";
import { HeaderBroken, HeaderEnds, type Reader } from "./reader.ts";

/** Frame headers, ITU-T T.81 table B.1: 0xC0–0xCF without DHT (C4), JPG (C8) and DAC (CC). */
const isFrame = (marker: number) => (marker & 0xf0) === 0xc0 && ![0xc4, 0xc8, 0xcc].includes(marker);
const isStandalone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
const startOfScan = 0xda;
const endOfImage = 0xd9;

type Frame = Omit<StoredPicture, "orientation" | "exif">;
type Exif = ReturnType<typeof readExif>;

/** Walks the segments, whatever their number and size, up to the first scan. */
export function probeJpeg(reader: Reader): StoredPicture {
  let at = 2;
  let frame: Frame | undefined;
  let exif: Exif | undefined;
  for (;;) {
    if (reader.u8(at) !== 0xff) throw new HeaderBroken("a segment does not begin with a marker");
    const marker = reader.u8(at + 1);
    if (marker === 0xff) {
      at += 1; // fill bytes may stand before any marker
      continue;
    }
    at += 2;
    if (isStandalone(marker)) continue;
    if (marker === endOfImage) throw new HeaderBroken("the picture ends before its first scan");
    const length = reader.u16(at);
    if (length < 2) throw new HeaderBroken("a segment is shorter than its own length field");
    if (isFrame(marker)) frame ??= readFrame(reader, at, marker);
    if (marker === 0xe1) exif ??= readApp1(reader, at, length);
    if (marker === startOfScan) {
      if (!frame) throw new HeaderBroken("the first scan stands before the frame header");
      // A first scan of fewer components than the frame means several scans: the decoder keeps all coefficients.
      const isOneScan = reader.u8(at + 2) === frame.channels;
      const coding = frame.coding === "plain" && !isOneScan ? "progressive" : frame.coding;
      return { ...frame, coding, orientation: 1, ...exif };
    }
    at += length;
  }
}

function readFrame(reader: Reader, at: number, marker: number): Frame {
  const channels = reader.u8(at + 7);
  if (channels < 1 || channels > 4) throw new HeaderBroken(`a frame of ${channels} components`);
  const samplings = Array.from({ length: channels }, (_, i) => reader.u8(at + 9 + 3 * i));
  const areas = samplings.map((sampling) => (sampling >> 4) * (sampling & 15));
  const largest = Math.max(...samplings.map((s) => s >> 4)) * Math.max(...samplings.map((s) => s & 15));
  if (areas.some((area) => area === 0)) throw new HeaderBroken("a component without samples");
  return {
    format: "jpeg",
    height: reader.u16(at + 3),
    width: reader.u16(at + 5),
    bitDepth: reader.u8(at + 2),
    channels,
    coding: codingOf(marker),
    samplesPerPixel: areas.reduce((sum, area) => sum + area, 0) / largest,
    hasAlpha: false,
    isAnimated: false,
  };
}

/** T.81 table B.1: the low two bits are the process (3 is lossless), and from 0xC9 on the coding is arithmetic. */
function codingOf(marker: number): StoredPicture["coding"] {
  if ((marker & 3) === 3) return "lossless";
  if (marker > 0xc8) return "arithmetic";
  return (marker & 3) === 2 ? "progressive" : "plain";
}

/** Undefined for an APP1 that is not EXIF, such as XMP. */
function readApp1(reader: Reader, at: number, length: number): Exif | undefined {
  try {
    if (length < 16 || reader.tag(at + 2) !== "Exif" || reader.u16(at + 6) !== 0) return undefined;
    return readExif(reader, at + 8, Math.min(at + length, reader.length));
  } catch (error) {
    if (error instanceof HeaderEnds) return undefined;
    throw error;
  }
}
