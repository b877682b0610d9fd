import type { Raster } from "@vitrine/contracts";
import { bytesOfBase64 } from "./base64.ts";
import { hogDescriptor } from "./hog.ts";
import { type Projection, project, unpackProjection } from "./projection.ts";
import { whitening } from "./whitening.generated.ts";

/** Of the `visual` index. */
export const visualDimensions = 128;

/** What turns a picture into a visual embedding: pictures that look alike get vectors with a high cosine. */
export interface VisualEncoder {
  /** Vectors of different versions must not be compared. */
  readonly version: number;
  readonly dimensions: number;
  /** A vector of length 1, finite for every raster of at least one pixel. */
  encode(raster: Raster): Float32Array;
}

/** HOG at two scales, mirrored, then PCA with softened whitening; see hog.ts and train/whitening.ts. */
export function hogEncoder(projection: Projection): VisualEncoder {
  return {
    version: 1,
    dimensions: projection.scales.length,
    encode: (raster) => project(projection, hogDescriptor(raster)),
  };
}

/** The encoder of this version: 128 dimensions. */
export const visualEncoder = hogEncoder(unpackProjection(bytesOfBase64(whitening), visualDimensions));
