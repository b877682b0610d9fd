/** Which way a picture takes through the pack, decided from its header and the plan before a pixel is decoded. */
import type { PictureFormat } from "../probe/picture.ts";
import { type Header, meanings } from "./header.ts";
import { chromaDivisor, keepsYcc, type OutputOptions, type RenderPlan, takesPlanes } from "./plan.ts";
import { isSrgb, profileSpace } from "./profile.ts";

/** How samples change on their way through the vertical filter. */
export interface Range {
  gain: number;
  offset: number;
}

/** What has to be done to the small picture before it is sRGB. */
export type Conversion = { kind: "none" } | { kind: "profile"; profile: Uint8Array } | { kind: "press" };

export interface Route {
  /** Planes of their own instead of interleaved RGBA. */
  isPlanar: boolean;
  /** JPEG: planes of RGB from the decoder instead of what the file stores. */
  isRgb: boolean;
  /** Whether the encoder takes the planes as they are; else they are made into RGBA first. */
  staysPlanar: boolean;
  /** Whether the encoder takes the planes of RGB; else they are interleaved first. */
  encodesRgb: boolean;
  /** Pixels of the result for one chroma sample. */
  divisor: 1 | 2;
  /** One a plane; planes without one keep their range. */
  ranges: readonly Range[];
  conversion: Conversion;
}

/**
 * JPEG codes 0–255, WebP BT.601's 16–235 (luma) and 16–240 (chroma): the same matrix in other ranges, so that a
 * factor and an offset on each plane, which the vertical filter does for nothing, are the whole conversion.
 */
const fullToLimited: readonly Range[] = [
  { gain: 219 / 255, offset: 16 },
  { gain: 224 / 255, offset: 128 - (128 * 224) / 255 },
  { gain: 224 / 255, offset: 128 - (128 * 224) / 255 },
];
const limitedToFull: readonly Range[] = [
  { gain: 255 / 219, offset: (-16 * 255) / 219 },
  { gain: 255 / 224, offset: 128 - (128 * 255) / 224 },
  { gain: 255 / 224, offset: 128 - (128 * 255) / 224 },
];

export function planRoute(format: PictureFormat, header: Header, plan: RenderPlan): Route {
  const { encode } = plan;
  const conversion = conversionOf(format, header);
  const isPlanar = format === "jpeg" || (format === "webp" && isPlanarWebp(header, encode, conversion));
  const staysPlanar =
    conversion.kind === "none" && (format === "jpeg" ? staysYcc(header, plan) : isPlanar && takesPlanes(encode));
  const isRgb = format === "jpeg" && header.colour === meanings.ycc && !staysPlanar;
  return {
    isPlanar,
    isRgb,
    encodesRgb: isRgb && encode.format === "webp" && conversion.kind === "none",
    staysPlanar,
    divisor: staysPlanar ? chromaDivisor(encode) : 1,
    ranges: staysPlanar ? rangesBetween(format, encode.format) : [],
    conversion,
  };
}

/** A JPEG's planes, where they are YCbCr or the luma of it, and `keepsYcc` wants them. */
function staysYcc({ colour }: Header, plan: RenderPlan): boolean {
  return keepsYcc(plan) && (colour === meanings.ycc || colour === meanings.grey);
}

/** Planes only where they can stay planes: libwebp's own conversion to RGB is as good as ours. */
function isPlanarWebp(header: Header, encode: OutputOptions, conversion: Conversion): boolean {
  const { frame } = header;
  const fillsCanvas = frame.width === header.width && frame.height === header.height;
  return fillsCanvas && !header.isLossless && !header.hasAlpha && conversion.kind === "none" && takesPlanes(encode);
}

function rangesBetween(from: PictureFormat, to: OutputOptions["format"]): readonly Range[] {
  if (from === "jpeg" && to === "webp") return fullToLimited;
  if (from === "webp" && to === "jpeg") return limitedToFull;
  return [];
}

function conversionOf(format: PictureFormat, header: Header): Conversion {
  const isCmyk = format === "jpeg" && (header.colour === meanings.cmyk || header.colour === meanings.ycck);
  const { profile } = header;
  if (profile) {
    const space = profileSpace(profile);
    const isGrey = header.components === 1;
    const fits = isCmyk ? space === "CMYK" : space === "RGB " || (isGrey && space === "GRAY");
    if (fits && !isSrgb(profile)) return { kind: "profile", profile };
  }
  return isCmyk ? { kind: "press" } : { kind: "none" };
}
