import type { Raster } from "@vitrine/contracts";

/** Lays the picture on white, for formats without alpha, into a raster of its own. */
export function flatten({ width, height, data }: Raster): Raster {
  const result = data.slice();
  for (let at = 0; at < result.length; at += 4) {
    const alpha = result[at + 3] ?? 0;
    if (alpha === 255) continue;
    const white = 255 * (255 - alpha);
    for (let channel = at; channel < at + 3; channel++) {
      result[channel] = Math.round(((result[channel] ?? 0) * alpha + white) / 255);
    }
    result[at + 3] = 255;
  }
  return { width, height, data: result };
}
