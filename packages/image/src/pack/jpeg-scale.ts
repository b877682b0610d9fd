/** How small a JPEG's inverse DCT may make each plane. */
import type { Size } from "../geometry.ts";

export interface Sampling {
  h: number;
  v: number;
}

export interface PlaneSize {
  /** Size of a block after the inverse DCT; 8 is full size. */
  eighth: number;
  size: Size;
  /** Samples for one pixel of the source. */
  densityX: number;
  densityY: number;
}

/** Block sizes that libjpeg's inverse DCT can make and that look like a resize. */
const eighths = [1, 2, 4, 8] as const;

export interface JpegPicture extends Size {
  samplings: readonly Sampling[];
  /** Whether the second and third component are chroma, which may be coarser than the result. */
  hasChroma: boolean;
}

/**
 * The planes of a JPEG, as small as the result allows. `crop` is the used part in stored pixels, `output` the size
 * it gets, `divisor` how many pixels of the result share a chroma sample: chroma is scaled by what chroma needs.
 */
export function jpegPlanes(
  { width, height, samplings, hasChroma }: JpegPicture,
  { crop, output, divisor }: { crop: Size; output: Size; divisor: 1 | 2 },
): PlaneSize[] {
  const mostH = Math.max(...samplings.map(({ h }) => h));
  const mostV = Math.max(...samplings.map(({ v }) => v));
  const shrink = Math.min(crop.width / output.width, crop.height / output.height);
  const exact = samplings.map(({ h, v }, i) => {
    // Samples at full size for one pixel, on the side that has fewer.
    const share = Math.min(h / mostH, v / mostV);
    const isChroma = hasChroma && (i === 1 || i === 2);
    const eighth = isChroma ? chromaEighth(1 / (share * divisor * shrink)) : lumaEighth(shrink * share);
    return { eighth, x: (h * eighth) / (mostH * 8), y: (v * eighth) / (mostV * 8) };
  });
  const whole = lumaEighth(shrink) / 8;
  const stretchX = stretch(width * whole);
  const stretchY = stretch(height * whole);
  return exact.map(({ eighth, x, y }) => ({
    eighth,
    size: { width: Math.ceil(width * x), height: Math.ceil(height * y) },
    densityX: x * stretchX,
    densityY: y * stretchY,
  }));
}

/** The smallest size that is not below what is needed, where 1 is full size. */
function chromaEighth(need: number): number {
  return eighths.find((eighth) => eighth / 8 >= need) ?? 8;
}

/**
 * sharp's rule, so that results equal its own: the largest of 8, 4 and 2 that is not above the shrink, and the one
 * below if less than one more whole step is left to the filter, which would show the DCT's blocks.
 */
function lumaEighth(shrink: number): number {
  const whole = [8, 4, 2].find((candidate) => candidate <= shrink) ?? 1;
  return 8 / (whole > 1 && Math.floor(shrink) === whole ? whole / 2 : whole);
}

/**
 * libjpeg rounds sizes up, so the last sample reaches beyond the picture. Like libvips we leave that one out and
 * take the others for the whole picture, which moves it by less than one sample, and results equal sharp's.
 */
function stretch(samples: number): number {
  return Math.max(1, Math.floor(samples)) / samples;
}
