import { type Color, mix, palette } from "../drawing/color.ts";
import { noiseOf } from "../drawing/noise.ts";
import type { Style } from "../style.ts";

/** Ground and line, and the line's colour at the far end. */
const palettes = [
  "#f7f5f0 #111111 #111111",
  "#111318 #f4f4f4 #f4f4f4",
  "#f8f3e6 #1d3557 #e63946",
  "#0b132b #5bc0be #f4d35e",
  "#fff3e0 #7b2cbf #ff6d00",
  "#102a1c #b7e4c7 #52b788",
  "#fdf0f0 #9d0208 #370617",
  "#f1f6f9 #14213d #2a6f97",
  "#2b0f33 #ff9fb2 #ffd6a5",
].map(palette);

/** Parallel lines that swell and bend over hidden hills: op art. */
export const waves: Style = {
  name: "waves",
  words: [
    ["Electric", "Slow", "Endless", "Hypnotic", "Deep", "Trembling", "Bent", "Rising"],
    ["lines", "waves", "ripples", "interference", "moire", "currents", "folds", "stripes"],
  ],
  draw(canvas, random) {
    const { width, height } = canvas;
    const [ground, line, end] = random.pick(palettes) as [Color, Color, Color];
    const noise = noiseOf(random);
    const period = width / random.integer(16, 30);
    const angle = random.pick([0, 0, Math.PI / 2, Math.PI / 4, random.between(0, Math.PI)]);
    const isRound = random.chance(0.3);
    const center = { x: width * random.between(0.25, 0.75), y: height * random.between(0.25, 0.75) };
    const bend = period * random.between(2, 5);
    const scale = random.between(1.4, 2.8) / width;
    const phaseAt = (x: number, y: number) => {
      const along = isRound ? Math.hypot(x - center.x, y - center.y) : x * Math.sin(angle) + y * Math.cos(angle);
      return (along + noise(x * scale, y * scale) * bend) / period;
    };
    canvas.paint((x, y) => {
      const phase = phaseAt(x, y);
      // The phase changes by this much within a pixel: the width of a smooth edge.
      const blur = Math.hypot(phaseAt(x + 1, y) - phase, phaseAt(x, y + 1) - phase) + 1e-6;
      const share = 0.5 + 0.22 * noise(x * scale * 1.7 + 50, y * scale * 1.7);
      const distance = Math.abs(phase - Math.floor(phase) - 0.5) * 2;
      const ink = Math.min(1, Math.max(0, (share - distance) / (2 * blur) + 0.5));
      return mix(ground, mix(line, end, y / height), ink);
    });
  },
};
