/** What a rendition may be: by its sides, and by what making it takes. Never made smaller unasked. */
import { Problem, type RenditionFormat } from "@vitrine/contracts";
import type { GeometryPlan, Size } from "./geometry.ts";
import { pictureLimits } from "./limits.ts";

/** Throws `too-many-pixels` for a side beyond the limit. */
export function assertSides(final: Size): void {
  const { maxOutputSide } = pictureLimits;
  for (const side of ["width", "height"] as const) {
    if (final[side] > maxOutputSide) {
      throw new Problem(
        "too-many-pixels",
        `The rendition would have a ${side} of ${final[side]} pixels, and may have ${maxOutputSide}: ask for a smaller ${side}.`,
      );
    }
  }
}

/**
 * Throws `too-many-pixels` for what takes more memory than there is, with the size that fits. `bytesAt` predicts what
 * it takes with both sides at a factor from 0 to 1.
 */
export function assertFits(
  { size, format }: { size: Size; format: RenditionFormat },
  bytesAt: (factor: number) => number,
): void {
  if (bytesAt(1) <= pictureLimits.pictureBudgetBytes) return;
  const fitting = scaledBy(size, largestFactor(bytesAt));
  const other = format === "jpeg" ? "" : ", or for JPEG, which takes less";
  throw new Problem(
    "too-many-pixels",
    `The rendition of ${size.width}×${size.height} pixels takes more memory as ${names[format]} than there is: ` +
      `ask for at most ${fitting.width}×${fitting.height}${other}.`,
  );
}

const names: Record<RenditionFormat, string> = { jpeg: "JPEG", webp: "WebP", png: "PNG", avif: "AVIF" };

/** In twelve halvings, to a quarter of a thousandth. */
function largestFactor(bytesAt: (factor: number) => number): number {
  let [low, high] = [0, 1];
  for (let halving = 0; halving < 12; halving++) {
    const middle = (low + high) / 2;
    if (bytesAt(middle) <= pictureLimits.pictureBudgetBytes) low = middle;
    else high = middle;
  }
  return low;
}

/** The box in which the same plan gives `size`, smaller by a factor. */
export function smallerBox(
  { fit }: GeometryPlan,
  size: Size,
  factor: number,
): Pick<GeometryPlan, "fit" | "width" | "height"> {
  // Some of the fits would not follow a box that is smaller than the picture, or larger.
  return { fit: fit === "scale-down" || fit === "scale-up" ? "contain" : fit, ...scaledBy(size, factor) };
}

/** Both sides, never less than a pixel. */
function scaledBy({ width, height }: Size, factor: number): Size {
  return { width: Math.max(1, Math.floor(width * factor)), height: Math.max(1, Math.floor(height * factor)) };
}
