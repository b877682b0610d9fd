/**
 * `quality=auto`: the lowest quality at which the picture still looks like itself, found in a few encodes of the small
 * picture. Flat pictures come out in far fewer bytes than a fixed quality gives them, and busy ones no worse than it.
 */
import type { Raster } from "@vitrine/contracts";

/**
 * Dissimilarity, (1 / SSIM − 1) / 2; 0 is the same picture. Of 22 photographs of clothes at 500 pixels the median is
 * 0.016 for JPEG at 80 and 0.007 for WebP at 80: this lies between.
 */
const targetDssim = 0.012;

export interface Qualities {
  lowest: number;
  highest: number;
  step: number;
}

/** Below, chroma goes wrong in ways that luma does not show; above, bytes grow and nobody sees why. */
export const usualQualities: Qualities = { lowest: 40, highest: 92, step: 1 };
/** The same on AVIF's scale (`qualityOn`), in eight steps: three tries find one, and each takes as long as all of WebP's. */
export const avifQualities: Qualities = { lowest: 32, highest: 74, step: 6 };
/** Of AVIF, 736×680: beyond, four tries and their decoding take more than a second, and the fixed number is taken. */
export const maxSoughtAvifPixels = 500_000;

/**
 * The encoded picture. `encode` makes a file of a quality and `decode` its pixels; six of each at most, since
 * 53 qualities halve to one in six steps.
 */
export function encodeByLikeness(
  raster: Raster,
  of: { encode(quality: number): Uint8Array; decode(bytes: Uint8Array): Raster; qualities?: Qualities },
): Uint8Array {
  const { encode, decode, qualities = usualQualities } = of;
  const qualityAt = (step: number) => qualities.lowest + step * qualities.step;
  const reference = lumaOf(raster);
  let low = 0;
  let high = Math.floor((qualities.highest - qualities.lowest) / qualities.step);
  let found: Uint8Array | undefined;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const bytes = encode(qualityAt(middle));
    if (dissimilarity(reference, lumaOf(decode(bytes)), raster) <= targetDssim) {
      found = bytes;
      high = middle;
    } else {
      low = middle + 1;
      found = undefined;
    }
  }
  return found ?? encode(qualityAt(low));
}

/** Structural dissimilarity of two rasters of one size, by luma (Wang et al. 2004). */
export function dssim(a: Raster, b: Raster): number {
  return dissimilarity(lumaOf(a), lumaOf(b), a);
}

/** On white, where it is transparent: what a viewer without alpha would see. */
function lumaOf({ data }: Raster): Float32Array {
  const luma = new Float32Array(data.length / 4);
  for (let i = 0; i < luma.length; i++) {
    const alpha = (data[i * 4 + 3] ?? 0) / 255;
    const grey = 0.299 * (data[i * 4] ?? 0) + 0.587 * (data[i * 4 + 1] ?? 0) + 0.114 * (data[i * 4 + 2] ?? 0);
    luma[i] = grey * alpha + 255 * (1 - alpha);
  }
  return luma;
}

/** Windows of 8×8, half overlapping, as in the paper's reference but for the gaussian. */
const windowSide = 8;
const stride = 4;
/** (0.01 · 255)² and (0.03 · 255)², the paper's constants. */
const c1 = 6.5025;
const c2 = 58.5225;

function dissimilarity(a: Float32Array, b: Float32Array, { width, height }: { width: number; height: number }): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y === 0 || y + windowSide <= height; y += stride) {
    for (let x = 0; x === 0 || x + windowSide <= width; x += stride) {
      sum += similarity(a, b, {
        x,
        y,
        endX: Math.min(width, x + windowSide),
        endY: Math.min(height, y + windowSide),
        width,
      });
      count += 1;
    }
  }
  return (1 / Math.max(1e-6, sum / count) - 1) / 2;
}

interface Window {
  x: number;
  y: number;
  endX: number;
  endY: number;
  width: number;
}

function similarity(a: Float32Array, b: Float32Array, { x: startX, y: startY, endX, endY, width }: Window): number {
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
  for (let y = startY; y < endY; y++) {
    for (let i = y * width + startX; i < y * width + endX; i++) {
      const valueA = a[i] ?? 0;
      const valueB = b[i] ?? 0;
      sumA += valueA;
      sumB += valueB;
      squareA += valueA * valueA;
      squareB += valueB * valueB;
      product += valueA * valueB;
    }
  }
  const count = (endX - startX) * (endY - startY);
  const [meanA, meanB] = [sumA / count, sumB / count];
  const varianceA = squareA / count - meanA * meanA;
  const varianceB = squareB / count - meanB * meanB;
  const covariance = product / count - meanA * meanB;
  const structure = (2 * covariance + c2) / (varianceA + varianceB + c2);
  return ((2 * meanA * meanB + c1) / (meanA * meanA + meanB * meanB + c1)) * structure;
}
