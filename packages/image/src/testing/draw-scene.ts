/** A small landscape for the reference's pictures: a sun to the right, hills, a house to the left. */
import type { Raster } from "@vitrine/contracts";
import type { Size } from "../geometry.ts";

type Colour = [red: number, green: number, blue: number];

export function drawScene({ width, height }: Size): Raster {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set([...colourAt(x / width, y / height, width / height), 255], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

function colourAt(x: number, y: number, ratio: number): Colour {
  if (Math.abs(x - 0.2) < 0.07 && y > 0.62 && y < 0.82) {
    return x > 0.19 && x < 0.23 && y > 0.7 ? [92, 58, 40] : [236, 226, 208];
  }
  if (y > 0.5 && y <= 0.62 && Math.abs(x - 0.2) < (y - 0.5) * 0.8) return [178, 60, 48];
  if (y > 0.78 + 0.04 * Math.sin(x * 7)) return [86 + 30 * x, 132 - 20 * y, 62];
  if (y > 0.6 + 0.08 * Math.sin(x * 5 + 1)) return [60, 104 + 20 * x, 84];
  const toSun = Math.hypot((x - 0.8) * ratio, y - 0.28);
  if (toSun < 0.1) return [255, 236, 150];
  const glow = Math.max(0, 1 - toSun / 0.6) ** 2;
  return [96 + 90 * y + 70 * glow, 150 + 50 * y + 30 * glow, 220 - 30 * glow];
}
