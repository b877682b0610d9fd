/** Planning in pixels, as pure data: which part of the upright picture becomes a rendition of which size. */
import type { RenditionPlan } from "@vitrine/contracts";
import { pictureLimits } from "./limits.ts";

export interface Size {
  width: number;
  height: number;
}

/** A part of a picture, in whole pixels from the upper left corner. */
export interface Region extends Size {
  left: number;
  top: number;
}

export interface Geometry {
  crop: Region;
  output: Size;
}

/** By how much a decoder may shrink each side while it decodes: what libjpeg offers as scaled decoding. */
export type Reduction = 1 | 2 | 4 | 8;

/**
 * The exact crop and output size of a plan for an upright source.
 *
 * `scale-down` shows the whole picture inside the box and never enlarges; `cover` fills the box, enlarging where
 * it must, and cuts equally from both sides. No side is ever 0, and the source's ratio is kept within a pixel.
 */
export function planGeometry(source: Size, plan: Pick<RenditionPlan, "fit" | "width" | "height">): Geometry {
  return plan.fit === "cover" && plan.width !== null && plan.height !== null
    ? coverGeometry(source, { width: plan.width, height: plan.height })
    : { crop: { left: 0, top: 0, ...source }, output: scaleDown(source, plan) };
}

/** The size of `source` inside a box, never enlarged. An open (null) side ends at the limits of an output. */
export function scaleDown(source: Size, box: { width: number | null; height: number | null }): Size {
  const { maxOutputSide, maxOutputPixels } = pictureLimits;
  const width = box.width ?? maxOutputSide;
  const height = box.height ?? maxOutputSide;
  const scale = Math.min(
    1,
    width / source.width,
    height / source.height,
    Math.sqrt(maxOutputPixels / (source.width * source.height)),
  );
  return {
    width: Math.min(width, atLeastOne(source.width * scale)),
    height: Math.min(height, atLeastOne(source.height * scale)),
  };
}

/** The same part in a picture of another scale. */
export function scaleRegion(region: Region, from: Size, to: Size): Region {
  const left = Math.min(to.width - 1, Math.round((region.left * to.width) / from.width));
  const top = Math.min(to.height - 1, Math.round((region.top * to.height) / from.height));
  return {
    left,
    top,
    width: Math.min(to.width - left, atLeastOne((region.width * to.width) / from.width)),
    height: Math.min(to.height - top, atLeastOne((region.height * to.height) / from.height)),
  };
}

function coverGeometry(source: Size, box: Size): Geometry {
  const scale = Math.max(box.width / source.width, box.height / source.height);
  const width = Math.min(source.width, atLeastOne(box.width / scale));
  const height = Math.min(source.height, atLeastOne(box.height / scale));
  const left = Math.floor((source.width - width) / 2);
  const top = Math.floor((source.height - height) / 2);
  return { crop: { left, top, width, height }, output: box };
}

function atLeastOne(length: number): number {
  return Math.max(1, Math.round(length));
}
