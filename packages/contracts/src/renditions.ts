/** What crosses the wire between the edge, ingest and images Workers. */

export const renditionFormats = ["jpeg", "webp", "avif", "png"] as const;
export type RenditionFormat = (typeof renditionFormats)[number];

/** How a picture is brought into its box; `packages/image/src/geometry.ts` says what each does. */
export const fits = ["scale-down", "contain", "cover", "crop", "aspect-crop", "pad", "squeeze", "scale-up"] as const;
export type Fit = (typeof fits)[number];

/** A point of the picture in fractions of its sides, or what looks for one: `auto` by saliency, `entropy` by detail. */
export type Gravity = { x: number; y: number } | "auto" | "entropy";

/** A colour as 0xRRGGBBAA, not premultiplied. */
export type Colour = number;

/** What lies at each side of a picture. */
export interface Sides {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/**
 * What is cut from the upright original before all else. Numbers below 1 are fractions of the side, others pixels.
 * `width` and `height`, where given, are those of what stays, measured from the left and the top.
 */
export type Trim = (Sides & { width?: number; height?: number }) | TrimBorder;

/** Cuts a border of one colour: the given one, or that of the upper left corner. */
export interface TrimBorder {
  colour: Colour | null;
  /** The largest difference of a channel that still counts as the border, 0..255. */
  tolerance: number;
  /** Pixels of the border that stay. */
  keep: number;
}

export interface Border extends Sides {
  colour: Colour;
}

/** A second picture that is laid on the first. Sides are distances in pixels; without any it lies in the middle. */
export interface Overlay {
  originalHash: string;
  width: number | null;
  height: number | null;
  fit: Fit;
  gravity: Gravity;
  /** 0..1. */
  opacity: number;
  repeat: "none" | "x" | "y" | "both";
  top: number | null;
  right: number | null;
  bottom: number | null;
  left: number | null;
}

/**
 * What is to be done to make one rendition: plain data, and its cache key (`planKey` in @vitrine/image).
 * Width and height are those of the box, in pixels; null leaves that side to the picture's own ratio.
 * What may be left out is left out where it would change nothing, so that equal renditions have equal plans.
 * Order of the work: trim, flip, rotate, resize and fit, background, effects, border, draw, encode.
 */
export interface RenditionPlan {
  fit: Fit;
  width: number | null;
  height: number | null;
  format: RenditionFormat;
  /** 1..100; ignored by PNG, which is lossless unless it is indexed. */
  quality: number;
  /** Where to look when something is cut off; the middle when left out. */
  gravity?: Gravity;
  trim?: Trim;
  flip?: "h" | "v" | "hv";
  /** Degrees clockwise. */
  rotate?: 90 | 180 | 270;
  /** Under transparency and around `pad`; white when left out, where there has to be something. */
  background?: Colour;
  /** Radius in pixels, which is the deviation of the gaussian. */
  blur?: number;
  /** 0..10, the weight of the unsharp mask. */
  sharpen?: number;
  /** Factors; 1 changes nothing and is left out. */
  brightness?: number;
  contrast?: number;
  gamma?: number;
  saturation?: number;
  border?: Border;
  /** The last lies on top. */
  draw?: Overlay[];
  /** A JPEG that shows coarsely before it is there: fewer bytes, twice the time. */
  isProgressive?: true;
  /** A PNG of up to 256 colours, as many as `quality` needs. */
  isIndexed?: true;
  /** A WebP that loses nothing. */
  isLossless?: true;
  /** A JPEG whose colours are as fine as its brightness. */
  hasFullChroma?: true;
  /** The lowest quality that looks the same, instead of `quality`. */
  seeksQuality?: true;
  /** Drawings are coded without loss of edges (full chroma, lossless WebP), photos as `quality` says. */
  adaptsToDrawings?: true;
  /** What a JPEG carries of its original's EXIF: the notice and the artist, or all that is still true; else nothing. */
  metadata?: "copyright" | "keep";
  compression?: "fast";
  /** All frames of an animation, in a format that has them; else, and where they are too much, the first. */
  isAnimated?: true;
  /** The most bytes that the result may have; the quality gives way. */
  maxBytes?: number;
}

/** An upright RGBA picture, 4 bytes a pixel, not premultiplied, row after row. */
export interface Raster {
  width: number;
  height: number;
  data: Uint8Array;
}

/**
 * What the images Worker offers over its service binding; `Answer` is the platform's `Response`.
 * Errors are `Problem`s with their `code` (read them with `asProblem`).
 */
export interface ImagesService<Answer> {
  /**
   * The rendition: from the renditions bucket when kept there, else made, kept and answered.
   * The answer has Content-Type, Content-Length, and `Server-Timing` naming the tier (`r2` or `origin`).
   */
  rendition(request: { originalHash: string; plan: RenditionPlan }): Promise<Answer>;
  /**
   * Decodes the original once, makes and keeps all plans, and answers a raster inside
   * `rasterSide`×`rasterSide` for feature extraction, with the upright size of the original.
   */
  prepare(request: { originalHash: string; plans: RenditionPlan[]; rasterSide: number }): Promise<PreparedPicture>;
}

export interface PreparedPicture {
  width: number;
  height: number;
  raster: Raster;
}
