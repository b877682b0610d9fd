import type { Raster } from "@vitrine/contracts";
import type { Resizer } from "../codecs/codec.ts";
import type { Size } from "../geometry.ts";

/**
 * lanczos3 to exactly this size; the same raster when it has it. With alpha the colours are premultiplied in
 * 8 bits around it, as Pillow does: floats would take 16 bytes a pixel more, and what rounding loses is nearly
 * transparent.
 */
export function resize(raster: Raster, size: Size, { resizer, hasAlpha }: { resizer: Resizer; hasAlpha: boolean }) {
  if (raster.width === size.width && raster.height === size.height) return raster;
  if (!hasAlpha) return resizer.resize(raster, size);
  return divide(resizer.resize(premultiply(raster), size));
}

function premultiply({ width, height, data }: Raster): Raster {
  const result = data.slice();
  for (let at = 0; at < result.length; at += 4) {
    const alpha = result[at + 3] ?? 0;
    if (alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++) {
      result[channel] = Math.round(((result[channel] ?? 0) * alpha) / 255);
    }
  }
  return { width, height, data: result };
}

/** In place. The filter overshoots at edges, so a colour may be above its alpha. */
function divide(raster: Raster): Raster {
  const { data } = raster;
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++) {
      data[channel] = alpha === 0 ? 0 : Math.min(255, Math.round(((data[channel] ?? 0) * 255) / alpha));
    }
  }
  return raster;
}
