/**
 * Planning in pixels, as pure data: which part of the upright picture becomes a rendition of which size, how it is
 * turned and where it lies. Trimming, turning and fitting are resolved against each other here, so that whoever has
 * pixels crops once, resizes once, and turns what is small.
 */
import type { Fit, RenditionPlan, Sides, Trim } from "@vitrine/contracts";
import { type Orientation, uprightRegion } from "./turning.ts";

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
  /** Of the upright source. */
  crop: Region;
  /** What the crop is resized to, before it is turned. */
  output: Size;
}

export interface PlannedGeometry extends Geometry {
  /** What is done to the resized crop, as an EXIF orientation; 1 is nothing. */
  turn: Orientation;
  /** The canvas of `pad`, and where on it the turned picture lies; null where the picture is the canvas. */
  pad: { canvas: Size; left: number; top: number } | null;
  /** Added around it. */
  border: Sides | null;
  /** Of the rendition, with padding and border. */
  final: Size;
}

/** By how much a decoder may shrink each side while it decodes: what libjpeg offers as scaled decoding. */
export type Reduction = 1 | 2 | 4 | 8;

export type GeometryPlan = Pick<RenditionPlan, "fit" | "width" | "height"> &
  Partial<Pick<RenditionPlan, "gravity" | "trim" | "flip" | "rotate" | "border">>;

/**
 * The exact geometry of a plan for an upright source. No side is ever 0, no crop leaves the source, and the
 * source's ratio is kept within a pixel unless the fit says otherwise.
 *
 * Gravity that has to be looked for, and a border that has to be found, count as the middle and as none:
 * `resolveLook` puts numbers into the plan first.
 */
export function planGeometry(source: Size, plan: GeometryPlan): PlannedGeometry {
  const trimmed = trimRegion(source, plan.trim);
  const turn = turnOf(plan);
  const swaps = turn >= 5;
  const turned = swaps ? swapped(trimmed) : trimmed;
  const fitted = fitInto(turned, plan);
  const crop = uprightRegion(fitted.crop, trimmed, turn);
  const { output } = fitted;
  const pad = fitted.canvas && {
    canvas: fitted.canvas,
    left: Math.floor((fitted.canvas.width - output.width) / 2),
    top: Math.floor((fitted.canvas.height - output.height) / 2),
  };
  const border = plan.border ?? null;
  const framed = fitted.canvas ?? output;
  return {
    crop: { ...crop, left: crop.left + trimmed.left, top: crop.top + trimmed.top },
    output: swaps ? swapped(output) : output,
    turn,
    pad,
    border: border && { top: border.top, right: border.right, bottom: border.bottom, left: border.left },
    final: {
      width: framed.width + (border ? border.left + border.right : 0),
      height: framed.height + (border ? border.top + border.bottom : 0),
    },
  };
}

/** The size of `source` inside a box, never enlarged. An open (null) side follows from the other. */
export function scaleDown(source: Size, box: { width: number | null; height: number | null }): Size {
  return scaled(source, Math.min(1, containScale(source, box)), box);
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

/** What `trim` leaves of the upright source: at least a pixel. */
export function trimRegion(source: Size, trim: Trim | undefined): Region {
  if (!trim || !("top" in trim)) return { left: 0, top: 0, width: source.width, height: source.height };
  const inPixels = (amount: number, side: number) => Math.round(amount < 1 ? amount * side : amount);
  const axis = (side: number, of: { before: number; after: number; kept: number | undefined }) => {
    const start = Math.min(side - 1, inPixels(of.before, side));
    const end = of.kept === undefined ? side - inPixels(of.after, side) : start + inPixels(of.kept, side);
    return { start, length: Math.max(1, Math.min(side, end) - start) };
  };
  const x = axis(source.width, { before: trim.left, after: trim.right, kept: trim.width });
  const y = axis(source.height, { before: trim.top, after: trim.bottom, kept: trim.height });
  return { left: x.start, top: y.start, width: x.length, height: y.length };
}

/** Flip, then rotation clockwise, as the one EXIF orientation that shows the same. */
export function turnOf({ flip, rotate }: Pick<GeometryPlan, "flip" | "rotate">): Orientation {
  return turnTable[flip ?? "none"][rotate ?? 0];
}

const turnTable = {
  none: { 0: 1, 90: 6, 180: 3, 270: 8 },
  h: { 0: 2, 90: 7, 180: 4, 270: 5 },
  v: { 0: 4, 90: 5, 180: 2, 270: 7 },
  hv: { 0: 3, 90: 8, 180: 1, 270: 6 },
} as const satisfies Record<string, Record<0 | 90 | 180 | 270, Orientation>>;

/** How much of the picture is cut away for the box, and what comes out. */
export interface Fitted {
  crop: Region;
  output: Size;
  /** Larger than the output, for `pad`. */
  canvas: Size | null;
}

/** The eight fits, for a picture that is trimmed and turned already. */
export function fitInto(source: Size, plan: Pick<GeometryPlan, "fit" | "width" | "height" | "gravity">): Fitted {
  const { fit, width, height } = plan;
  const all = { left: 0, top: 0, width: source.width, height: source.height };
  // What may stay larger than the box is not bounded by it.
  const bounds = fit === "scale-up" ? { width: null, height: null } : plan;
  const shown = (scale: number): Fitted => ({ crop: all, output: scaled(source, scale, bounds), canvas: null });
  const contained = containScale(source, plan);
  if (width === null || height === null) {
    // With one side open the ratio is the picture's, so there is nothing to cut, fill or distort.
    if (fit === "scale-up") return shown(Math.max(1, contained));
    return shown(enlarges[fit] ? contained : Math.min(1, contained));
  }
  const box = { width, height };
  const covering = Math.max(box.width / source.width, box.height / source.height);
  switch (fit) {
    case "scale-down":
      return shown(Math.min(1, contained));
    case "contain":
      return shown(contained);
    case "scale-up":
      return shown(Math.max(1, contained));
    case "squeeze":
      return { crop: all, output: box, canvas: null };
    case "pad":
      return { crop: all, output: scaled(source, contained, box), canvas: box };
    case "cover":
      return cut(source, { output: box, scale: covering, gravity: plan.gravity });
    case "crop": {
      const scale = Math.min(1, covering);
      const output = {
        width: Math.min(box.width, atLeastOne(source.width * scale)),
        height: Math.min(box.height, atLeastOne(source.height * scale)),
      };
      return cut(source, { output, scale, gravity: plan.gravity });
    }
    case "aspect-crop": {
      const smaller = covering > 1 ? 1 / covering : 1;
      const output = { width: atLeastOne(box.width * smaller), height: atLeastOne(box.height * smaller) };
      return cut(source, { output, scale: covering * smaller, gravity: plan.gravity });
    }
  }
}

const enlarges: Record<Fit, boolean> = {
  "scale-down": false,
  contain: true,
  cover: true,
  crop: false,
  "aspect-crop": false,
  pad: true,
  squeeze: true,
  "scale-up": true,
};

/** The part that fills the output at a scale; the point of gravity lies at the same fraction of both. */
function cut(source: Size, of: { output: Size; scale: number; gravity: GeometryPlan["gravity"] }): Fitted {
  const { output, scale, gravity } = of;
  const width = Math.min(source.width, atLeastOne(output.width / scale));
  const height = Math.min(source.height, atLeastOne(output.height / scale));
  const { x, y } = typeof gravity === "object" ? gravity : { x: 0.5, y: 0.5 };
  const left = Math.floor((source.width - width) * x);
  const top = Math.floor((source.height - height) * y);
  return { crop: { left, top, width, height }, output, canvas: null };
}

type OpenBox = Pick<GeometryPlan, "width" | "height">;

/** By how much a picture is scaled to lie inside a box. */
function containScale(source: Size, { width, height }: OpenBox): number {
  // Nothing given means the picture's own size, which never enlarges.
  if (width === null && height === null) return 1;
  return Math.min(
    (width ?? Number.POSITIVE_INFINITY) / source.width,
    (height ?? Number.POSITIVE_INFINITY) / source.height,
  );
}

function scaled(source: Size, scale: number, { width, height }: OpenBox): Size {
  return {
    width: Math.min(width ?? Number.POSITIVE_INFINITY, atLeastOne(source.width * scale)),
    height: Math.min(height ?? Number.POSITIVE_INFINITY, atLeastOne(source.height * scale)),
  };
}

function swapped<S extends Size>(size: S): Size {
  return { width: size.height, height: size.width };
}

function atLeastOne(length: number): number {
  return Math.max(1, Math.round(length));
}
