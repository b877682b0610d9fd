import type { Animation, AnimationFrame } from "./animation.ts";
import { HeaderEnds, type Reader, readerOf } from "./reader.ts";

/** What an ANMF chunk has before its bitstream: offsets, size, duration and flags (RFC 9649 §2.7.1.1). */
const frameHeaderBytes = 16;
const dataTags = ["ALPH", "VP8 ", "VP8L"];

/** The frames up to `most`, or up to where the file ends. */
export function listWebpFrames(bytes: Uint8Array, most: number): Animation {
  const animation: Animation = { frames: [], loops: 0 };
  const reader = readerOf(bytes);
  try {
    for (let at = 12; animation.frames.length < most; ) {
      const tag = reader.tag(at);
      const length = reader.u32(at + 4, true);
      if (tag === "ANIM") animation.loops = reader.u16(at + 12, true);
      if (tag === "ANMF") {
        const frame = frameIn(reader.slice(at + 8, at + 8 + length), at + 8);
        if (frame) animation.frames.push(frame);
      }
      at += 8 + length + (length & 1);
    }
  } catch (error) {
    if (!(error instanceof HeaderEnds)) throw error;
  }
  return animation;
}

/** `start` is where the chunk's content begins in the file. */
function frameIn(chunk: Reader, start: number): AnimationFrame | undefined {
  const flags = chunk.u8(15);
  for (let at = frameHeaderBytes; at + 8 <= chunk.length; ) {
    const length = chunk.u32(at + 4, true);
    if (dataTags.includes(chunk.tag(at))) {
      return {
        ...{ left: 2 * chunk.u24le(0), top: 2 * chunk.u24le(3) },
        ...{ width: chunk.u24le(6) + 1, height: chunk.u24le(9) + 1, duration: chunk.u24le(12) },
        ...{ disposal: flags & 1 ? "clear" : "keep", blends: (flags & 2) === 0 },
        ...{ at: start + at, bytes: chunk.length - at },
      };
    }
    at += 8 + length + (length & 1);
  }
  return undefined;
}
