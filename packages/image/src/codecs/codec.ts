/** The seam between the pipeline and what decodes and encodes: another engine needs to be these and no more. */
import type { Raster, RenditionFormat } from "@vitrine/contracts";
import type { Reduction, Size } from "../geometry.ts";
import type { PictureProbe } from "../probe/picture.ts";

/**
 * One format. Calls are synchronous: while one runs nothing else in the isolate does, so at most one picture
 * is inside a codec at a time, and memory can be predicted.
 */
export interface Codec {
  readonly format: RenditionFormat;
  /**
   * The pixels as stored (orientation is a step of its own), each side divided by `reduction` and rounded up.
   * Throws for a picture that cannot be decoded; the codec is as good as new afterwards.
   */
  decode(bytes: Uint8Array, request: { probe: PictureProbe; reduction: Reduction }): Raster;
  /** `quality` is 1..100; a format without alpha takes rasters that were flattened. */
  encode(raster: Raster, request: { quality: number; hasAlpha: boolean }): Uint8Array;
}

export interface Resizer {
  /** lanczos3 to exactly this size, the four channels alike: alpha is the caller's. */
  resize(raster: Raster, size: Size): Raster;
}

export interface Codecs extends Record<RenditionFormat, Codec> {
  resizer: Resizer;
  /** Called before a picture that is predicted to take so many bytes: what is kept beyond the rest is dropped. */
  makeRoom(bytes: number): void;
}
