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

/**
 * The planes of a JPEG, as small as the result allows. `crop` is the used part in stored pixels, `output` the size
 * it gets, `divisor` how many pixels of the result share a chroma sample: chroma is scaled by what chroma needs.
 */
export function jpegPlanes(
  picture: Size & { samplings: readonly Sampling[] },
  { crop, output, divisor }: { crop: Size; output: Size; divisor: 1 | 2 },
): PlaneSize[] {
  const mostH = Math.max(...picture.samplings.map(({ h }) => h));
  const mostV = Math.max(...picture.samplings.map(({ v }) => v));
  const shrink = Math.min(crop.width / output.width, crop.height / output.height);
  const luma = lumaEighth(shrink);
  const stretchX = stretch(picture.width, luma);
  const stretchY = stretch(picture.height, luma);
  return picture.samplings.map(({ h, v }, i) => {
    const isChroma = i === 1 || i === 2;
    const need = isChroma ? Math.max(mostH / h, mostV / v) / divisor / shrink : 1;
    const eighth = isChroma ? (eighths.find((candidate) => candidate / 8 >= need) ?? 8) : luma;
    const x = (h * eighth) / (mostH * 8);
    const y = (v * eighth) / (mostV * 8);
    return {
      eighth,
      size: { width: Math.ceil(picture.width * x), height: Math.ceil(picture.height * y) },
      densityX: x * stretchX,
      densityY: y * stretchY,
    };
  });
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
function stretch(length: number, eighth: number): number {
  const exact = (length * eighth) / 8;
  return Math.max(1, Math.floor(exact)) / exact;
}
