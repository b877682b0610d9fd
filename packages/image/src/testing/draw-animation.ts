/** Animated files written byte by byte, so that every disposal, blend and offset is what the test says. */

export interface GifFrame {
  left: number;
  top: number;
  width: number;
  height: number;
  /** Of the palette, or `transparentIndex`, row after row. */
  indices: ArrayLike<number>;
  /** Hundredths of a second. */
  delay: number;
  /** As in the file: 1 keeps, 2 clears, 3 restores. */
  disposal: number;
  isInterlaced?: boolean;
}

/** The entry of every palette that is not seen. */
export const transparentIndex = 0;
const paletteSize = 8;

const u16 = (value: number) => [value & 255, value >> 8];
const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));

/** `repeats` is left out of the file when undefined; colours are 0xRRGGBB, at most seven, the first with index 1. */
export function gifAnimation(
  frames: readonly GifFrame[],
  of: { width: number; height: number; colours: readonly number[]; repeats?: number },
): Uint8Array {
  const palette = Array.from({ length: paletteSize }, (_, i) => of.colours[i - 1] ?? 0);
  const repeats =
    of.repeats === undefined ? [] : [0x21, 0xff, 11, ...ascii("NETSCAPE2.0"), 3, 1, ...u16(of.repeats), 0];
  const head = [...ascii("GIF89a"), ...u16(of.width), ...u16(of.height), 0x82, 0, 0];
  const bytes = [
    ...head,
    ...palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]),
    ...repeats,
  ];
  for (const frame of frames) bytes.push(...gifFrame(frame));
  return Uint8Array.from([...bytes, 0x3b]);
}

function gifFrame(frame: GifFrame): number[] {
  const { left, top, width, height, delay, disposal, isInterlaced = false } = frame;
  const control = [0x21, 0xf9, 4, (disposal << 2) | 1, ...u16(delay), transparentIndex, 0];
  const image = [0x2c, ...u16(left), ...u16(top), ...u16(width), ...u16(height), isInterlaced ? 0x40 : 0];
  const rows = Array.from({ length: height }, (_, y) => Array.from(frame.indices).slice(y * width, (y + 1) * width));
  const passes = isInterlaced
    ? [
        [0, 8],
        [4, 8],
        [2, 4],
        [1, 2],
      ]
    : [[0, 1]];
  const ordered = passes.flatMap(([start = 0, step = 1]) =>
    rows.filter((_, y) => y >= start && (y - start) % step === 0),
  );
  return [...control, ...image, ...uncompressed(ordered.flat())];
}

/** LZW without any dictionary: a clear code before it would make codes longer than 4 bits. */
function uncompressed(indices: readonly number[]): number[] {
  const [clear, end, perClear] = [8, 9, 5];
  const codes = indices.flatMap((index, i) => (i % perClear === 0 ? [clear, index] : [index]));
  codes.push(end);
  const packed = Array.from(
    { length: Math.ceil(codes.length / 2) },
    (_, i) => (codes[2 * i] ?? 0) | ((codes[2 * i + 1] ?? 0) << 4),
  );
  const blocks: number[] = [];
  for (let at = 0; at < packed.length; at += 255) {
    const block = packed.slice(at, at + 255);
    blocks.push(block.length, ...block);
  }
  return [3, ...blocks, 0];
}

export interface WebpFrame {
  /** A still WebP without VP8X, whose bitstream becomes the frame's. */
  still: Uint8Array;
  left: number;
  top: number;
  width: number;
  height: number;
  /** Milliseconds. */
  duration: number;
  clears: boolean;
  blends: boolean;
}

export function webpAnimation(
  frames: readonly WebpFrame[],
  of: { width: number; height: number; loops: number },
): Uint8Array {
  const u24 = (value: number) => [value & 255, (value >> 8) & 255, value >> 16];
  const u32 = (value: number) => [...u24(value & 0xffffff), value >>> 24];
  const chunk = (tag: string, content: readonly number[]) => [
    ...[...ascii(tag), ...u32(content.length), ...content],
    ...(content.length % 2 ? [0] : []),
  ];
  const body = [
    ...chunk("VP8X", [0x12, 0, 0, 0, ...u24(of.width - 1), ...u24(of.height - 1)]),
    ...chunk("ANIM", [0, 0, 0, 0, ...u16(of.loops)]),
    ...frames.flatMap(({ still, left, top, width, height, duration, clears, blends }) =>
      chunk("ANMF", [
        ...[...u24(left / 2), ...u24(top / 2), ...u24(width - 1), ...u24(height - 1), ...u24(duration)],
        ...[(clears ? 1 : 0) | (blends ? 0 : 2), ...still.subarray(12)],
      ]),
    ),
  ];
  return Uint8Array.from([...ascii("RIFF"), ...u32(4 + body.length), ...ascii("WEBP"), ...body]);
}
