/** What crosses the wire between the edge, ingest and images Workers. */

export const renditionFormats = ["jpeg", "webp", "avif", "png"] as const;
export type RenditionFormat = (typeof renditionFormats)[number];

/** cover: fills the box and crops · scale-down: fits inside the box, never enlarged. */
export type Fit = "cover" | "scale-down";

/**
 * What is to be done to make one rendition: plain data, and its cache key (`planKey` in @vitrine/image).
 * Width and height are those of the box, in pixels; null leaves that side to the picture's own ratio.
 */
export interface RenditionPlan {
  fit: Fit;
  width: number | null;
  height: number | null;
  format: RenditionFormat;
  /** 1..100; ignored by PNG, which is lossless. */
  quality: number;
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
