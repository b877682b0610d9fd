import { type Color, mix, palette, shade } from "../drawing/color.ts";
import { noiseOf } from "../drawing/noise.ts";
import type { Point } from "../drawing/path.ts";
import type { Style } from "../style.ts";

/** Lead, then glass from the top of the picture to its foot. */
const palettes = [
  "#15171c #f94144 #f3722c #f9c74f #90be6d #277da1",
  "#1a1423 #3a86ff #8338ec #ff006e #fb5607 #ffbe0b",
  "#0d1b2a #1b4965 #62b6cb #bee9e8 #cae9ff #5fa8d3",
  "#1c1b1a #606c38 #a3b18a #dda15e #bc6c25 #fefae0",
  "#191919 #7209b7 #b5179e #f72585 #ff9e00 #ffd60a",
  "#10201b #2d6a4f #52b788 #d8f3dc #ffd166 #ef476f",
  "#221a1a #9b2226 #ca6702 #ee9b00 #e9d8a6 #94d2bd",
  "#0f1020 #0081a7 #00afb9 #fdfcdc #fed9b7 #f07167",
].map(palette);

/** Stained glass: cells around scattered points, with dark lead between them. */
export const mosaic: Style = {
  name: "mosaic",
  words: [
    ["Ruby", "Cathedral", "Cobalt", "Amber", "Jewelled", "Bright", "Shattered", "Emerald"],
    ["glass", "mosaic", "window", "cells", "facets", "panes", "crystal", "pattern"],
  ],
  draw(canvas, random) {
    const { width, height } = canvas;
    const [lead, ...glass] = random.pick(palettes) as [Color, ...Color[]];
    const side = width / random.integer(6, 11);
    const columns = Math.ceil(width / side) + 2;
    const rows = Math.ceil(height / side) + 2;
    const drift = noiseOf(random);
    const cells = Array.from({ length: columns * rows }, (_, i) => {
      const column = (i % columns) - 1;
      const row = Math.floor(i / columns) - 1;
      const spot = { x: (column + random.between(0.08, 0.92)) * side, y: (row + random.between(0.08, 0.92)) * side };
      const place = Math.min(
        0.999,
        Math.max(0, spot.y / height + 0.45 * drift(spot.x / (3 * side), spot.y / (3 * side))),
      );
      const tint = glass[Math.floor(place * glass.length)] ?? lead;
      return { ...spot, color: shade(tint, random.between(-0.22, 0.22)) };
    });
    const leadWidth = side * random.between(0.04, 0.09);
    canvas.paint((x, y) => {
      const { nearest, gap, distance } = nearestTwo(x, y);
      const glow = shade(nearest.color, 0.16 - 0.3 * Math.min(1, distance / side));
      return mix(lead, glow, Math.min(1, Math.max(0, gap - leadWidth + 0.5)));
    });

    /** The nearest point, and how far the pixel is from the border to the next. */
    function nearestTwo(x: number, y: number) {
      const column = Math.floor(x / side) + 1;
      const row = Math.floor(y / side) + 1;
      let nearest: Point & { color: Color } = { x: 0, y: 0, color: lead };
      let second: Point = nearest;
      let best = Number.POSITIVE_INFINITY;
      let next = Number.POSITIVE_INFINITY;
      for (let r = Math.max(0, row - 2); r <= Math.min(rows - 1, row + 2); r++) {
        for (let c = Math.max(0, column - 2); c <= Math.min(columns - 1, column + 2); c++) {
          const cell = cells[r * columns + c];
          if (!cell) continue;
          const squared = (cell.x - x) ** 2 + (cell.y - y) ** 2;
          if (squared < best) {
            [next, second] = [best, nearest];
            [best, nearest] = [squared, cell];
          } else if (squared < next) {
            [next, second] = [squared, cell];
          }
        }
      }
      const apart = Math.hypot(second.x - nearest.x, second.y - nearest.y) || 1;
      return { nearest, gap: (next - best) / (2 * apart), distance: Math.sqrt(best) };
    }
  },
};
