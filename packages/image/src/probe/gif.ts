import type { StoredPicture } from "./picture.ts";
import type { Reader } from "./reader.ts";

/** The logical screen (GIF89a §18). Whether it moves or has holes is not in the header; both are assumed. */
export function probeGif(reader: Reader): StoredPicture {
  return {
    format: "gif",
    width: reader.u16(6, true),
    height: reader.u16(8, true),
    orientation: 1,
    hasAlpha: true,
    isAnimated: true,
    bitDepth: 8,
    channels: 1,
    coding: "plain",
    samplesPerPixel: 1,
  };
}
