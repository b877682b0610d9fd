/**
 * Every option of an image URL. To add one: write its value in a file of this folder, name it here and in
 * `ImageOptions`, use it in `planOptions`, and run `npm run docs:images`.
 */
import type { Border, Colour, Fit, Gravity } from "@vitrine/contracts";
import { blur, brightness, contrast, gamma, saturation, sharpen } from "./adjust.ts";
import { onerror, segment, upscale } from "./answer.ts";
import { border } from "./border.ts";
import { background } from "./colour.ts";
import { draw, type OverlayOption } from "./draw.ts";
import { fit, gravity, zoom } from "./fit.ts";
import {
  anim,
  compression,
  type FormatOption,
  format,
  maxBytes,
  metadata,
  quality,
  slowConnectionQuality,
} from "./format.ts";
import type { Option } from "./option.ts";
import { dpr, height, wbreakpoints, wdesktop, width, wmobile } from "./size.ts";
import {
  type TrimSides,
  trim,
  trimBorderColor,
  trimBorderKeep,
  trimBorderTolerance,
  trimBottom,
  trimHeight,
  trimLeft,
  trimRight,
  trimTop,
  trimWidth,
} from "./trim.ts";
import { flip, rotate } from "./turn.ts";

/** What a URL asked for, as plain data: by the options' names, and only what was given. */
export interface ImageOptions {
  anim?: boolean;
  segment?: never;
  upscale?: never;
  trim?: TrimSides | "border";
  "trim.top"?: number;
  "trim.right"?: number;
  "trim.bottom"?: number;
  "trim.left"?: number;
  "trim.width"?: number;
  "trim.height"?: number;
  "trim.border.color"?: Colour;
  "trim.border.tolerance"?: number;
  "trim.border.keep"?: number;
  flip?: "h" | "v" | "hv";
  rotate?: 0 | 90 | 180 | 270;
  width?: number | "auto";
  height?: number;
  dpr?: number;
  fit?: Fit;
  gravity?: Gravity;
  zoom?: number;
  wbreakpoints?: number[];
  wmobile?: number;
  wdesktop?: number;
  background?: Colour;
  blur?: number;
  sharpen?: number;
  brightness?: number;
  contrast?: number;
  gamma?: number;
  saturation?: number;
  border?: Border;
  draw?: OverlayOption[];
  format?: FormatOption;
  quality?: number | "auto";
  "slow-connection-quality"?: number;
  "max-bytes"?: number;
  metadata?: "copyright" | "keep" | "none";
  compression?: "fast";
  onerror?: "redirect";
}

export type OptionName = keyof ImageOptions;

export const options = {
  anim,
  segment,
  upscale,
  trim,
  "trim.top": trimTop,
  "trim.right": trimRight,
  "trim.bottom": trimBottom,
  "trim.left": trimLeft,
  "trim.width": trimWidth,
  "trim.height": trimHeight,
  "trim.border.color": trimBorderColor,
  "trim.border.tolerance": trimBorderTolerance,
  "trim.border.keep": trimBorderKeep,
  flip,
  rotate,
  width,
  height,
  dpr,
  fit,
  gravity,
  zoom,
  wbreakpoints,
  wmobile,
  wdesktop,
  background,
  blur,
  sharpen,
  brightness,
  contrast,
  gamma,
  saturation,
  border,
  draw,
  format,
  quality,
  "slow-connection-quality": slowConnectionQuality,
  "max-bytes": maxBytes,
  metadata,
  compression,
  onerror,
} satisfies { [Name in OptionName]-?: Option<NonNullable<ImageOptions[Name]>> };

export const optionNames = Object.keys(options) as readonly OptionName[];
