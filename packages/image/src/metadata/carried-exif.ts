/**
 * What a rendition carries of its original's EXIF, written anew: offsets of a block that was cut would be wrong, and
 * what nobody points to (previews of what was cropped away) must not travel. Nothing here fails: an entry that cannot
 * be read is left out, and a block without any that can is no metadata.
 *
 * TIFF 6.0 §2 and EXIF 2.32 §4.6: a directory is a count, 12 bytes an entry and the place of the next directory.
 */
import { maxExifBytes } from "../probe/exif.ts";
import { HeaderEnds, type Reader, readerOf } from "../probe/reader.ts";

export type CarriedMetadata = "copyright" | "keep";

/** Cameras write about a hundred. */
const maxEntries = 500;

interface Entry {
  tag: number;
  type: number;
  count: number;
  /** A view of the block, in its byte order. */
  value: Uint8Array;
  directory?: Entry[];
}

const tags = { artist: 0x013b, copyright: 0x8298, exif: 0x8769, gps: 0x8825 } as const;
const directories: readonly number[] = [tags.exif, tags.gps];

/**
 * Of the old pixels, and untrue of the new: size, orientation, colour space and its coefficients, resolution of the
 * sensor, thumbnails, interoperability; and the maker's note, whose offsets are those of the camera's block.
 */
const untrue: ReadonlySet<number> = new Set([
  ...[0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x0111, 0x0112, 0x0115, 0x0116, 0x0117, 0x011c, 0x012d, 0x013e, 0x013f],
  ...[0x0201, 0x0202, 0x0211, 0x0212, 0x0213, 0x0214, 0x8773, 0x9101, 0x9102, 0x927c, 0xa001, 0xa002, 0xa003, 0xa005],
  ...[0xa20e, 0xa20f, 0xa210, 0xa500],
]);

/** Bytes of one value of a TIFF type, from 1 on: byte, ASCII, short, long, rational, and the signed and real ones. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** A TIFF block, or undefined when nothing is to be carried. `copyright` is the notice and the artist's name. */
export function carriedExif(tiff: Uint8Array, kind: CarriedMetadata): Uint8Array | undefined {
  const reader = readerOf(tiff);
  const order = tiff[0] === 0x49 && tiff[1] === 0x49 ? "little" : tiff[0] === 0x4d && tiff[1] === 0x4d ? "big" : null;
  if (!order) return undefined;
  const source = { reader, tiff, isLittle: order === "little" };
  const all = entriesAt(source, tolerant(() => reader.u32(4, source.isLittle)) ?? tiff.length);
  const isWanted = ({ tag }: Entry) => kind === "keep" || tag === tags.artist || tag === tags.copyright;
  const entries = all.filter(isWanted);
  const isCarried = entries.length > 0 && headerBytes + directoryBytes(entries) <= maxExifBytes;
  return isCarried ? writeBlock(entries, source.isLittle) : undefined;
}

/** By how much a block makes a JPEG longer: a marker, its length and a name before it. */
export function exifBytes(tiff: Uint8Array | undefined): number {
  return tiff ? 10 + tiff.length : 0;
}

/** The JPEG with the block in an APP1, behind its JFIF segment where it begins with one. */
export function withExif(jpeg: Uint8Array, tiff: Uint8Array): Uint8Array {
  const hasJfif = jpeg[2] === 0xff && jpeg[3] === 0xe0;
  const at = hasJfif ? 4 + (jpeg[4] ?? 0) * 256 + (jpeg[5] ?? 0) : 2;
  const length = exifBytes(tiff) - 2;
  const result = new Uint8Array(jpeg.length + exifBytes(tiff));
  result.set(jpeg.subarray(0, at));
  result.set([0xff, 0xe1, length >> 8, length & 255, 0x45, 0x78, 0x69, 0x66, 0, 0], at);
  result.set(tiff, at + 10);
  result.set(jpeg.subarray(at), at + 10 + tiff.length);
  return result;
}

interface Source {
  reader: Reader;
  tiff: Uint8Array;
  isLittle: boolean;
}

/** Directories inside of directories are not followed: there are none that are kept. */
function entriesAt(source: Source, at: number, isInner = false): Entry[] {
  const { reader, isLittle } = source;
  const count = Math.min(tolerant(() => reader.u16(at, isLittle)) ?? 0, maxEntries);
  const entries = new Map<number, Entry>();
  for (let i = 0; i < count; i++) {
    const entry = tolerant(() => entryAt(source, at + 2 + 12 * i));
    if (!entry || untrue.has(entry.tag) || entries.has(entry.tag)) continue;
    if (directories.includes(entry.tag)) {
      const place = new DataView(entry.value.buffer, entry.value.byteOffset, entry.value.length);
      const directory =
        isInner || entry.value.length !== 4 ? [] : entriesAt(source, place.getUint32(0, isLittle), true);
      if (directory.length > 0) entries.set(entry.tag, { ...entry, type: 4, count: 1, directory });
    } else {
      entries.set(entry.tag, entry);
    }
  }
  return [...entries.values()].sort((a, b) => a.tag - b.tag);
}

function entryAt({ reader, tiff, isLittle }: Source, at: number): Entry | undefined {
  const [tag, type, count] = [reader.u16(at, isLittle), reader.u16(at + 2, isLittle), reader.u32(at + 4, isLittle)];
  const length = count * (typeBytes[type] ?? 0);
  if (length === 0 || length > tiff.length) return undefined;
  const start = length > 4 ? reader.u32(at + 8, isLittle) : at + 8;
  if (start + length > tiff.length) return undefined;
  return { tag, type, count, value: tiff.subarray(start, start + length) };
}

const tolerant = <R>(read: () => R): R | undefined => {
  try {
    return read();
  } catch (error) {
    if (error instanceof HeaderEnds) return undefined;
    throw error;
  }
};

/** Values of more than four bytes, and inner directories, stand behind their directory, at even places. */
const outerBytes = ({ value, directory }: Entry): number =>
  directory ? directoryBytes(directory) : value.length > 4 ? value.length + (value.length & 1) : 0;

function directoryBytes(entries: readonly Entry[]): number {
  return 2 + 12 * entries.length + 4 + entries.reduce((sum, entry) => sum + outerBytes(entry), 0);
}

const headerBytes = 8;

function writeBlock(entries: readonly Entry[], isLittle: boolean): Uint8Array {
  const block = new Uint8Array(headerBytes + directoryBytes(entries));
  const view = new DataView(block.buffer);
  view.setUint16(0, isLittle ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittle);
  view.setUint32(4, headerBytes, isLittle);
  writeDirectory({ block, view, isLittle }, entries, headerBytes);
  return block;
}

function writeDirectory(
  into: { block: Uint8Array; view: DataView; isLittle: boolean },
  entries: readonly Entry[],
  start: number,
): void {
  const { block, view, isLittle } = into;
  view.setUint16(start, entries.length, isLittle);
  let free = start + 2 + 12 * entries.length + 4;
  for (const [i, entry] of entries.entries()) {
    const at = start + 2 + 12 * i;
    view.setUint16(at, entry.tag, isLittle);
    view.setUint16(at + 2, entry.type, isLittle);
    view.setUint32(at + 4, entry.count, isLittle);
    const isOuter = entry.directory !== undefined || entry.value.length > 4;
    if (isOuter) view.setUint32(at + 8, free, isLittle);
    if (entry.directory) writeDirectory(into, entry.directory, free);
    else block.set(entry.value, isOuter ? free : at + 8);
    free += outerBytes(entry);
  }
}
