/** EXIF as cameras write it, and what is in that of a rendition, by an independent reading. */
import { joined } from "./draw.ts";

type Field = [tag: number, type: number, count: number, value: number[] | "gps" | "exif"];

const text = (value: string): number[] => [...Array.from(value, (c) => c.charCodeAt(0)), 0];
const short = (value: number): number[] => [value >> 8, value & 255];
const long = (value: number): number[] => [(value >>> 24) & 255, (value >> 16) & 255, (value >> 8) & 255, value & 255];
const ascii = (tag: number, value: string): Field => [tag, 2, value.length + 1, text(value)];

/** Big-endian: model, artist, notice, orientation 1, an exposure, a maker's note, a place, and a thumbnail. */
export function cameraExif(): Uint8Array {
  const gps: Field[] = [ascii(1, "N"), [2, 5, 3, [52, 1, 31, 1, 12, 1].flatMap(long)]];
  const exif: Field[] = [
    [0x829a, 5, 1, [...long(1), ...long(250)]],
    [0x927c, 7, 12, text("secret note")],
    [0xa002, 4, 1, long(4_000)],
  ];
  const main: Field[] = [
    ascii(0x0110, "Obscura"),
    [0x0112, 3, 1, short(1)],
    ascii(0x013b, "Ada"),
    ascii(0x8298, "(c) Ada"),
    [0x8769, 4, 1, "exif"],
    [0x8825, 4, 1, "gps"],
  ];
  const thumbnail: Field[] = [
    [0x0201, 4, 1, long(0)],
    [0x0202, 4, 1, long(9)],
  ];
  const sizeOf = (fields: Field[]) =>
    6 + 12 * fields.length + fields.reduce((sum, [, , , v]) => sum + (v.length > 4 ? v.length : 0), 0);
  const at = { exif: 8 + sizeOf(main), gps: 8 + sizeOf(main) + sizeOf(exif) };
  const next = at.gps + sizeOf(gps);
  const directory = (fields: Field[], start: number, following: number): number[] => {
    let free = start + 6 + 12 * fields.length;
    const values: number[] = [];
    const entries = fields.flatMap(([tag, type, count, value]) => {
      const bytes = typeof value === "string" ? long(at[value]) : value;
      const inline = bytes.length > 4 ? long(free) : [...bytes, 0, 0, 0].slice(0, 4);
      if (bytes.length > 4) {
        values.push(...bytes);
        free += bytes.length;
      }
      return [...short(tag), ...short(type), ...long(count), ...inline];
    });
    return [...short(fields.length), ...entries, ...long(following), ...values];
  };
  return joined(
    [0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
    directory(main, 8, next),
    directory(exif, at.exif, 0),
    directory(gps, at.gps, 0),
    directory(thumbnail, next, 0),
    text("thumbnail"),
  );
}

/** The JPEG with the block in an APP1 before all else. */
export function jpegWithTiff(jpeg: Uint8Array, tiff: Uint8Array): Uint8Array {
  const body = [...text("Exif"), 0, ...tiff];
  return joined(jpeg.subarray(0, 2), [0xff, 0xe1, ...short(body.length + 2), ...body], jpeg.subarray(2));
}

const names: Record<number, string> = {
  ...{ 272: "model", 274: "orientation", 315: "artist", 33432: "copyright", 33434: "exposure" },
  ...{ 37500: "note", 40962: "width", 513: "thumbnail", 34665: "exif", 34853: "gps" },
};

/** What the APP1 of a file tells, the directories inside with the rest; undefined without one. */
export function exifIn(file: Uint8Array): Record<string, unknown> | undefined {
  const start = Buffer.from(file).indexOf("Exif\0\0");
  if (start < 0) return undefined;
  const view = new DataView(file.buffer, file.byteOffset + start + 6);
  const found: Record<string, unknown> = {};
  const read = (at: number, isPlace: boolean) => {
    const count = view.getUint16(at);
    for (let i = 0; i < count; i++) {
      const entry = at + 2 + 12 * i;
      const [tag, type, size] = [view.getUint16(entry), view.getUint16(entry + 2), view.getUint32(entry + 4)];
      const isOuter = size * (type === 5 ? 8 : type === 4 ? 4 : type === 3 ? 2 : 1) > 4;
      const value = isOuter ? view.getUint32(entry + 8) : entry + 8;
      if (tag === 0x8769 || tag === 0x8825) read(view.getUint32(entry + 8), tag === 0x8825);
      else if (isPlace && tag === 2) found.latitude = [view.getUint32(value), view.getUint32(value + 4)];
      else if (isPlace) found.reference = "N";
      else if (type === 2) found[names[tag] ?? tag] = latin(view, value, size - 1);
      else found[names[tag] ?? tag] = view.getUint16(value);
    }
    const following = view.getUint32(at + 2 + 12 * count);
    if (following > 0) read(following, false);
  };
  read(view.getUint32(4), false);
  return found;
}

const latin = (view: DataView, at: number, length: number): string =>
  String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));
