import { type Color, palette } from "../drawing/color.ts";
import { noiseOf } from "../drawing/noise.ts";
import { type Point, polygon } from "../drawing/path.ts";
import type { Style } from "../style.ts";

/** Cement, then chips. */
const palettes = [
  "#f3eee8 #d88c7a #6f8f8b #3f4a4f #e5b99f",
  "#efeae6 #2f3e46 #84a98c #cad2c5 #d4a373",
  "#2e3338 #f4ede4 #d98e73 #8aa1a0 #c9b79c",
  "#f8e9e4 #a4505c #e0a899 #5c4b51 #f2c9b1",
  "#e6ecee #1d4e6b #7fb3c8 #f0b67f #39535f",
  "#fbf7ef #ec9a29 #a8201a #143642 #0f8b8d",
  "#dfe5d8 #56704f #9db48a #f7f3e3 #b5793f",
  "#33323f #ffd6ba #b8c0ff #ff9aa2 #e2f0cb",
].map(palette);

/** Chips of stone in cement, never two on one spot. */
export const terrazzo: Style = {
  name: "terrazzo",
  words: [
    ["Rose", "Grey", "Polished", "Warm", "Scattered", "Coarse", "Fine", "Venetian"],
    ["terrazzo", "chips", "stone floor", "marble", "slab", "fragments", "pebbles", "counter"],
  ],
  draw(canvas, random) {
    const { width, height } = canvas;
    const [cement, ...chips] = random.pick(palettes) as [Color, ...Color[]];
    canvas.paint(() => cement);
    const largest = width * random.between(0.06, 0.13);
    const placed: (Point & { radius: number })[] = [];
    for (let attempt = 0; attempt < 1_800; attempt++) {
      const radius = largest * random.between(0.12, 1) ** (1 + attempt / 500);
      const spot = { x: random.between(0, width), y: random.between(0, height), radius };
      if (placed.some((other) => Math.hypot(other.x - spot.x, other.y - spot.y) < (other.radius + radius) * 1.06))
        continue;
      placed.push(spot);
      const corners = random.integer(4, 7);
      const turn = random.between(0, Math.PI);
      const outline = Array.from({ length: corners }, (_, i) => {
        const angle = turn + ((i + random.between(-0.3, 0.3)) / corners) * 2 * Math.PI;
        const reach = radius * random.between(0.7, 1);
        return { x: spot.x + Math.cos(angle) * reach, y: spot.y + Math.sin(angle) * reach };
      });
      canvas.fill(polygon(outline), random.pick(chips), random.between(0.82, 1));
    }
    const grain = noiseOf(random);
    canvas.lighten((x, y) => grain(x / 1.7, y / 1.7) * 5);
  },
};
