import type { Animation, AnimationFrame } from "./animation.ts";
import { HeaderEnds, type Reader, readerOf } from "./reader.ts";

/** Blocks of GIF89a (https://www.w3.org/Graphics/GIF/spec-gif89a.txt), by their first byte. */
const blocks = { extension: 0x21, image: 0x2c } as const;
/** And extensions, by their second. */
const extensions = { control: 0xf9, application: 0xff } as const;
/** Delays are hundredths of a second. */
const millisOfDelay = 10;

/** The frames up to `most`, or up to where the file ends or stops being a GIF. */
export function listGifFrames(bytes: Uint8Array, most: number): Animation {
  const animation: Animation = { frames: [], loops: 1 };
  try {
    walk(readerOf(bytes), { animation, most });
  } catch (error) {
    if (!(error instanceof HeaderEnds)) throw error;
  }
  return animation;
}

type Control = Pick<AnimationFrame, "duration" | "disposal">;

const without: Control = { duration: 0, disposal: "keep" };

function walk(reader: Reader, { animation, most }: { animation: Animation; most: number }): void {
  let at = 13 + paletteBytes(reader.u8(10));
  // A graphic control stands before the image that it is for, and other extensions may lie between.
  let control = without;
  let start: number | undefined;
  while (animation.frames.length < most) {
    const block = reader.u8(at);
    if (block === blocks.extension) {
      const kind = reader.u8(at + 1);
      if (kind === extensions.control) {
        control = controlAt(reader, at);
        start = at;
      }
      if (kind === extensions.application) animation.loops = loopsAt(reader, at) ?? animation.loops;
      at = behindData(reader, at + 2);
    } else if (block === blocks.image) {
      const frame = { ...partAt(reader, at), ...control, blends: true, at: start ?? at };
      at = behindData(reader, at + 11 + paletteBytes(reader.u8(at + 9)));
      if (frame.width > 0 && frame.height > 0) animation.frames.push({ ...frame, bytes: at - frame.at });
      control = without;
      start = undefined;
    } else {
      return;
    }
  }
}

const paletteBytes = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/** Disposal 1 and 0 keep, 2 clears, 3 restores; the others are not defined. */
function controlAt(reader: Reader, at: number): Control {
  const disposal = (reader.u8(at + 3) >> 2) & 7;
  return {
    duration: millisOfDelay * reader.u16(at + 4, true),
    disposal: disposal === 2 ? "clear" : disposal === 3 ? "restore" : "keep",
  };
}

function partAt(reader: Reader, at: number) {
  const [left, top] = [reader.u16(at + 1, true), reader.u16(at + 3, true)];
  return { left, top, width: reader.u16(at + 5, true), height: reader.u16(at + 7, true) };
}

/**
 * Netscape's extension, which all take: how often it is repeated, 0 for ever. Without it, once. WebP counts how often
 * it is played, which is one more.
 */
function loopsAt(reader: Reader, at: number): number | undefined {
  const name = [at + 3, at + 7, at + 11]
    .map((start) => reader.tag(start))
    .join("")
    .slice(0, 11);
  if (name !== "NETSCAPE2.0" && name !== "ANIMEXTS1.0") return undefined;
  if (reader.u8(at + 14) !== 3 || (reader.u8(at + 15) & 7) !== 1) return undefined;
  const repeats = reader.u16(at + 16, true);
  return repeats === 0 ? 0 : Math.min(65_535, repeats + 1);
}

/** Behind the sub-blocks that begin here: each says its length, and one of none is the last. */
function behindData(reader: Reader, start: number): number {
  let at = start;
  for (let length = reader.u8(at); length > 0; length = reader.u8(at)) at += 1 + length;
  return at + 1;
}
