/** Pictures drawn by code, for tests. */
import type { Raster } from "@vitrine/contracts";

export type Rgba = readonly [red: number, green: number, blue: number, alpha?: number];

/** A raster whose pixels are painted from coordinates in [0, 1). */
export function draw(width: number, height: number, paint: (x: number, y: number) => Rgba): Raster {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue, alpha = 255] = paint((x + 0.5) / width, (y + 0.5) / height);
      data.set([red, green, blue, alpha], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

/** A lit disc above a dark slope: edges of every direction, and no symmetry. */
export function landscape(x: number, y: number): Rgba {
  if ((x - 0.65) ** 2 + (y - 0.3) ** 2 < 0.03) return [250, 210, 90];
  if (y > 0.55 + 0.3 * x) return [40, 70 + 60 * y, 45];
  return [90 + 80 * y, 150 + 60 * y, 235];
}

/** Upright bars of unequal width. */
export function bars(x: number): Rgba {
  return Math.sin(40 * x * x) > 0 ? [200, 40, 60] : [245, 240, 230];
}

/** The raster with every channel moved by up to `strength`, as a lossy codec moves them. */
export function disturbed(raster: Raster, strength: number): Raster {
  const data = raster.data.map((value, i) =>
    Math.min(255, Math.max(0, value + (((i * 7919) % 101) / 50 - 1) * strength)),
  );
  return { ...raster, data };
}

/** The raster seen in a mirror. */
export function mirrored({ width, height, data }: Raster): Raster {
  const turned = new Uint8Array(data.length);
  for (let i = 0; i < width * height; i++) {
    const from = i - (i % width) + (width - 1 - (i % width));
    turned.set(data.subarray(from * 4, from * 4 + 4), i * 4);
  }
  return { width, height, data: turned };
}
