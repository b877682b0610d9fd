import type { Canvas } from "../drawing/canvas.ts";
import { type Color, mix, palette, shade } from "../drawing/color.ts";
import { disc, polygon, rectangle } from "../drawing/path.ts";
import type { Random } from "../drawing/random.ts";
import type { Style } from "../style.ts";

/** Sky above, glow at the horizon, houses, windows. */
const palettes = [
  "#0b1026 #4b3f72 #10132b #ffd97d",
  "#050a18 #1f4e79 #0a1424 #fff1b8",
  "#1a0b2e #d1495b #170d26 #ffcf99",
  "#02111b #2c6e63 #051a1f #f6f7b4",
  "#101018 #5c5f7a #12121c #ffb86b",
  "#14002b #7b2cbf #130622 #8ef6e4",
  "#1b1023 #f08a4b #1c0f1e #ffe8a3",
].map(palette);

/** A city at night: three rows of houses, lit windows, a moon. */
export const skyline: Style = {
  name: "skyline",
  words: [
    ["Midnight", "Neon", "Sleepless", "Harbour", "Winter", "Rooftop", "Downtown", "Late"],
    ["skyline", "city", "lights", "towers", "windows", "avenue", "quarter", "panorama"],
  ],
  draw(canvas, random) {
    const { width, height } = canvas;
    const [sky, glow, house, light] = random.pick(palettes) as [Color, Color, Color, Color];
    canvas.paint((_, y) => mix(sky, glow, (y / height) ** 1.8));
    for (let i = 0; i < 90; i++) {
      const center = { x: random.between(0, width), y: random.between(0, height * 0.55) };
      canvas.fill(disc({ center, radius: random.between(0.5, 1.3) }), [255, 255, 255], random.between(0.2, 0.8));
    }
    drawMoon(canvas, random, light);
    for (const [row, tallest] of [0.6, 0.48, 0.34].entries()) {
      const color = mix(mix(glow, house, 0.45), house, row / 2);
      let x = -width * random.between(0, 0.08);
      while (x < width) {
        const side = width * random.between(0.08, 0.17);
        const top = height * (1 - tallest * random.between(0.55, 1.1));
        drawHouse(canvas, random, { x, top, side, color, light: mix(color, light, 0.45 + 0.27 * row) });
        x += side * random.between(0.95, 1.12);
      }
    }
  },
};

function drawMoon(canvas: Canvas, random: Random, light: Color): void {
  const { width, height } = canvas;
  const center = { x: width * random.between(0.15, 0.85), y: height * random.between(0.1, 0.28) };
  const radius = width * random.between(0.05, 0.1);
  for (let ring = 5; ring > 0; ring--) canvas.fill(disc({ center, radius: radius * (1 + ring * 0.35) }), light, 0.05);
  canvas.fill(disc({ center, radius }), shade(light, 0.5));
}

interface House {
  x: number;
  top: number;
  side: number;
  color: Color;
  light: Color;
}

function drawHouse(canvas: Canvas, random: Random, { x, top, side, color, light }: House): void {
  const { height } = canvas;
  canvas.fill(rectangle(x, top, side, height - top), color);
  const roof = random.integer(0, 3);
  if (roof === 0) {
    const eaves = [
      { x, y: top },
      { x: x + side / 2, y: top - side * 0.35 },
      { x: x + side, y: top },
    ];
    canvas.fill(polygon(eaves), color);
  }
  if (roof === 1) canvas.fill(rectangle(x + side * 0.47, top - side * 0.6, side * 0.06, side * 0.6), color);
  if (roof === 2) canvas.fill(rectangle(x + side * 0.2, top - side * 0.16, side * 0.6, side * 0.17), color);
  const columns = random.integer(3, 5);
  const cell = side / columns;
  const lit = random.between(0.2, 0.65);
  for (let y = top + cell * 0.6; y < height; y += cell * 1.15) {
    for (let column = 0; column < columns; column++) {
      if (!random.chance(lit)) continue;
      const left = x + cell * (column + 0.25);
      canvas.fill(rectangle(left, y, cell * 0.5, cell * 0.6), light, random.between(0.55, 1));
    }
  }
}
