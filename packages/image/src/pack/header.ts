/** What the module's decoders found in a header: the struct `header_t` of native/glue/pack.h, word by word. */
import type { PackInstance } from "./instance.ts";

/** What the planes of a JPEG hold; libjpeg's J_COLOR_SPACE. */
export const meanings = { grey: 1, rgb: 2, ycc: 3, cmyk: 4, ycck: 5 } as const;

export interface Header {
  width: number;
  height: number;
  components: number;
  /** JPEG: one of `meanings`, or what no one knows the meaning of. */
  colour: number;
  isLossless: boolean;
  /** Adobe's JPEGs store CMYK inverted. */
  isAdobe: boolean;
  samplings: { h: number; v: number }[];
  profile: Uint8Array | undefined;
  hasAlpha: boolean;
  /** The part of the canvas that the first frame covers. */
  frame: { left: number; top: number; width: number; height: number };
  warnings: number;
  /** JPEG: rows that were there when the file ended before the picture; -1 where it did not. */
  rowsRead: number;
}

const words = 24;
/** The largest profiles of presses have 3 MB; what is beyond is ignored as no profile. */
const maxProfileBytes = 4 * 2 ** 20;

export function readHeader(instance: PackInstance): Header {
  const all = instance.words(instance.exports.header(), words);
  const word = (i: number) => all[i] ?? 0;
  const components = word(2);
  const profileBytes = word(15);
  return {
    width: word(0),
    height: word(1),
    components,
    colour: word(3),
    isLossless: word(4) !== 0,
    isAdobe: word(5) !== 0,
    samplings: Array.from({ length: Math.min(4, components) }, (_, i) => ({ h: word(6 + i), v: word(10 + i) })),
    // A copy: the decoder's own goes when it is closed, before the encoder needs memory.
    profile:
      profileBytes > 0 && profileBytes <= maxProfileBytes ? instance.bytes(word(14), profileBytes).slice() : undefined,
    hasAlpha: word(16) !== 0,
    frame: { left: word(17), top: word(18), width: word(19), height: word(20) },
    warnings: word(22),
    rowsRead: word(23),
  };
}
