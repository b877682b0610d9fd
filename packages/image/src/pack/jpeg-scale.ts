/** How small a JPEG's inverse DCT may make each plane: the smallest that is not below what the result needs. */
import type { Size } from "../geometry.ts";

export interface Sampling {
  h: number;
  v: number;
}

/** Eighths of full size that libjpeg's inverse DCTs can make and that look like a resize. */
const eighths = [1, 2, 4, 8] as const;

export interface JpegScale {
  /** Size of a luma block after the inverse DCT; 8 is full size. */
  luma: number;
  /** The same for each component. */
  components: number[];
}

/**
 * `crop` is the used part in stored pixels, `output` the size it gets, `divisor` how many pixels of the result share
 * a chroma sample. Chroma is scaled by what chroma needs: 4:4:4 for a 4:2:0 result at half the scale of luma.
 */
export function jpegScale(samplings: readonly Sampling[], crop: Size, output: Size, divisor: 1 | 2): JpegScale {
  const mostH = Math.max(...samplings.map(({ h }) => h));
  const mostV = Math.max(...samplings.map(({ v }) => v));
  const components = samplings.map(({ h, v }, i) => {
    const shared = i === 1 || i === 2 ? divisor : 1;
    const need = Math.max(
      ((output.width / shared) * mostH) / (crop.width * h),
      ((output.height / shared) * mostV) / (crop.height * v),
    );
    return eighths.find((eighth) => eighth / 8 >= need) ?? 8;
  });
  return { luma: components[0] ?? 8, components };
}

export interface PlaneSize {
  size: Size;
  densityX: number;
  densityY: number;
}

/**
 * The planes that libjpeg makes at a scale. It rounds their sizes up, so the last sample may reach beyond the
 * picture; like libvips we leave that one out and take the others for the whole picture, which moves it by less than one.
 */
export function planeSizes(
  { width, height, samplings }: Size & { samplings: readonly Sampling[] },
  scales: readonly number[],
): PlaneSize[] {
  const mostH = Math.max(...samplings.map(({ h }) => h));
  const mostV = Math.max(...samplings.map(({ v }) => v));
  const exact = samplings.map(({ h, v }, i) => {
    const eighth = (scales[i] ?? 8) / 8;
    return { x: (h * eighth) / mostH, y: (v * eighth) / mostV };
  });
  const [luma = { x: 1, y: 1 }] = exact;
  const stretchX = Math.max(1, Math.floor(width * luma.x)) / (width * luma.x);
  const stretchY = Math.max(1, Math.floor(height * luma.y)) / (height * luma.y);
  return exact.map(({ x, y }) => ({
    size: { width: Math.ceil(width * x), height: Math.ceil(height * y) },
    densityX: x * stretchX,
    densityY: y * stretchY,
  }));
}
