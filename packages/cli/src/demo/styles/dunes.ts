import { type Color, mix, palette, shade } from "../drawing/color.ts";
import { noiseOf } from "../drawing/noise.ts";
import { disc, type Point, polygon } from "../drawing/path.ts";
import type { Style } from "../style.ts";

/** Sky above, sky at the horizon, far hill, near hill. */
const palettes = [
  "#2b3a67 #f7b267 #c86b5b #2d1e2f",
  "#3d5a80 #e0fbfc #98c1d9 #293241",
  "#f6d5c2 #fff1e0 #e29578 #6d3b47",
  "#1d2b53 #ff77a8 #7e2553 #1a1025",
  "#a8dadc #f1faee #83b5a1 #1d3b3a",
  "#ffb4a2 #ffe5d9 #b5838d #4a3f55",
  "#0b3954 #bfd7ea #5c8ca8 #08202f",
  "#f9dcc4 #fec89a #d68c45 #5e3023",
  "#5f0f40 #fb8b24 #9a031e #2a0a1e",
  "#cfe1b9 #f5f3e7 #97a97c #354f38",
].map(palette);

/** Hills that fade into mist, one behind another, under a low sun. */
export const dunes: Style = {
  name: "dunes",
  words: [
    ["Quiet", "Golden", "Distant", "Morning", "Evening", "Misty", "Silent", "Wide"],
    ["dunes", "hills", "valley", "ridge", "horizon", "desert", "highlands", "coast"],
  ],
  draw(canvas, random) {
    const { width, height } = canvas;
    const [high, low, far, near] = random.pick(palettes) as [Color, Color, Color, Color];
    const horizon = height * random.between(0.4, 0.62);
    canvas.paint((_, y) => mix(high, low, Math.min(1, y / horizon) ** 1.3));
    const sun = { x: width * random.between(0.2, 0.8), y: horizon * random.between(0.45, 0.95) };
    const radius = width * random.between(0.06, 0.14);
    for (let ring = 6; ring > 0; ring--) {
      canvas.fill(disc({ center: sun, radius: radius * (1 + ring * 0.32) }), shade(low, 0.6), 0.07);
    }
    canvas.fill(disc({ center: sun, radius }), shade(low, 0.75), 0.95);
    const layers = random.integer(4, 7);
    const noise = noiseOf(random, 3);
    for (let layer = 0; layer < layers; layer++) {
      const t = layer / (layers - 1);
      const base = horizon + (height - horizon) * (layer / layers) ** 1.15;
      const ridge: Point[] = [];
      for (let x = -4; x <= width + 4; x += 4) {
        const swell = noise((x / width) * (3 - t) + layer * 13, layer * 7) * height * (0.07 + 0.08 * t);
        ridge.push({ x, y: base - height * 0.03 - swell });
      }
      const color = mix(mix(far, low, 0.55 * (1 - t)), near, t ** 1.4);
      canvas.fill(polygon([...ridge, { x: width + 4, y: height + 4 }, { x: -4, y: height + 4 }]), color);
    }
  },
};
