/** Brightness, contrast, gamma and saturation: one table for the channels, one pass for grey against colour. */
import type { Raster } from "@vitrine/contracts";

export interface ColourFactors {
  brightness?: number;
  contrast?: number;
  gamma?: number;
  saturation?: number;
}

/** In place, in this order: brightness, contrast, gamma, saturation. Alpha stays. O(pixels). */
export function adjustColours(raster: Raster, factors: ColourFactors): Raster {
  const { data } = raster;
  const table = channelTable(factors);
  const { saturation = 1 } = factors;
  for (let at = 0; at < data.length; at += 4) {
    const red = table[data[at] ?? 0] ?? 0;
    const green = table[data[at + 1] ?? 0] ?? 0;
    const blue = table[data[at + 2] ?? 0] ?? 0;
    // Rec. 601 luma, as in feColorMatrix's saturate, is for values with gamma; Uint8Array wraps, so it is clamped here.
    const grey = saturation === 1 ? 0 : 0.299 * red + 0.587 * green + 0.114 * blue;
    data[at] = saturation === 1 ? red : clamp(grey + (red - grey) * saturation);
    data[at + 1] = saturation === 1 ? green : clamp(grey + (green - grey) * saturation);
    data[at + 2] = saturation === 1 ? blue : clamp(grey + (blue - grey) * saturation);
  }
  return raster;
}

function channelTable({ brightness = 1, contrast = 1, gamma = 1 }: ColourFactors): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => {
    const contrasted = (Math.min(1, (value / 255) * brightness) - 0.5) * contrast + 0.5;
    // As an exposure: 2 lightens the midtones, black and white stay.
    return clamp(255 * Math.max(0, contrasted) ** (1 / gamma));
  });
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
