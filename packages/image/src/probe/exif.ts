import type { Orientation, PictureProbe } from "./picture.ts";
import { HeaderEnds, type Reader } from "./reader.ts";

/** What an APP1 of a JPEG can hold (T.81 B.1.1.4); PNG and WebP could have gigabytes, which are not kept. */
export const maxExifBytes = 65_535 - 2 - 6;

/** What the TIFF block in `from`..`to` tells, with a copy of its own: the bytes around it need not stay. */
export function readExif(reader: Reader, from: number, to: number): Pick<PictureProbe, "orientation" | "exif"> {
  const tiff = reader.bytes(from, to);
  const orientation = exifOrientation(reader.slice(from, to));
  return tiff.length > 0 && tiff.length <= maxExifBytes ? { orientation, exif: tiff.slice() } : { orientation };
}

const orientationTag = 0x0112;
const shortType = 3;

/**
 * The orientation in a TIFF block (EXIF 2.32 §4.6.2), tag 0x0112 of the first directory. Metadata never makes a
 * picture unusable: whatever is missing, cut off or out of range answers 1, upright.
 */
export function exifOrientation(tiff: Reader): Orientation {
  try {
    const order = tiff.u16(0);
    if (order !== 0x4949 && order !== 0x4d4d) return 1;
    const littleEndian = order === 0x4949;
    const directory = tiff.u32(4, littleEndian);
    const entries = tiff.u16(directory, littleEndian);
    for (let i = 0; i < entries; i++) {
      const entry = directory + 2 + 12 * i;
      if (tiff.u16(entry, littleEndian) !== orientationTag) continue;
      if (tiff.u16(entry + 2, littleEndian) !== shortType) return 1;
      const value = tiff.u16(entry + 8, littleEndian);
      return value >= 1 && value <= 8 ? (value as Orientation) : 1;
    }
  } catch (error) {
    if (!(error instanceof HeaderEnds)) throw error;
  }
  return 1;
}
