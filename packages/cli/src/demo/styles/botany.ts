import type { Canvas } from "../drawing/canvas.ts";
import { type Color, mix, palette } from "../drawing/color.ts";
import { disc, type Path, type Point, ribbon, smooth } from "../drawing/path.ts";
import type { Random } from "../drawing/random.ts";
import type { Style } from "../style.ts";

/** Paper, then inks. */
const palettes = [
  "#f5efe2 #344e41 #588157 #a3b18a",
  "#fbf3e4 #5f4b32 #8a6f4d #c19a6b",
  "#eef2ee #1f3a34 #3f6f63 #7fa99b",
  "#f8ece6 #7a3b46 #b5656b #dea5a0",
  "#20302c #cfe3c8 #8fb996 #5d8a74",
  "#f4f0fa #3c3360 #6b5b95 #a79cc7",
  "#fdf4d9 #6a7b1e #a3a83b #d6c85a",
  "#e8f1f5 #12425b #2f7ea1 #83b9d0",
  "#2c1b24 #f2c6b4 #d98d7a #a65a5a",
].map(palette);

/** Sprigs, ferns and grasses on paper, as pressed between the pages of a book. */
export const botany: Style = {
  name: "botany",
  words: [
    ["Pressed", "Wild", "Slender", "Spring", "Garden", "Meadow", "Young", "Drying"],
    ["fern", "sprig", "leaves", "grasses", "branch", "herbarium", "olive twig", "seedlings"],
  ],
  draw(canvas, random) {
    const { width, height } = canvas;
    const [paper, ...inks] = random.pick(palettes) as [Color, ...Color[]];
    canvas.paint((_, y) => mix(paper, inks[2] ?? paper, (0.1 * y) / height));
    const stems = random.integer(1, 4);
    const leaf = { shape: random.between(0.22, 0.55), pairs: random.integer(6, 14), tilt: random.between(0.5, 1.1) };
    for (let i = 0; i < stems; i++) {
      const foot = { x: width * ((i + 0.5) / stems + random.between(-0.06, 0.06)), y: height * 1.02 };
      const tip = { x: foot.x + width * random.between(-0.16, 0.16), y: height * random.between(0.06, 0.25) };
      const bow = width * random.between(-0.16, 0.16);
      const ink = random.pick(inks);
      drawSprig(canvas, { stem: arch(foot, tip, bow), ink, leaf, reach: (width / (stems + 0.6)) * 0.62 }, random);
    }
  },
};

interface Sprig {
  stem: Point[];
  ink: Color;
  leaf: { shape: number; pairs: number; tilt: number };
  /** Length of the longest leaf. */
  reach: number;
}

function drawSprig(canvas: Canvas, { stem, ink, leaf, reach }: Sprig, random: Random): void {
  canvas.fill(
    ribbon(stem, (t) => reach * 0.06 * (1.15 - t)),
    ink,
  );
  const hasBerries = random.chance(0.3);
  for (let pair = 1; pair <= leaf.pairs; pair++) {
    const t = 0.16 + (0.82 * pair) / leaf.pairs;
    const from = stem[Math.min(stem.length - 1, Math.round(t * (stem.length - 1)))];
    const before = stem[Math.max(0, Math.round(t * (stem.length - 1)) - 1)];
    if (!from || !before) continue;
    const heading = Math.atan2(from.y - before.y, from.x - before.x);
    const length = reach * (0.35 + 0.65 * Math.sin(Math.PI * Math.min(1, 1.12 - t) ** 0.8)) * random.between(0.85, 1.1);
    for (const sideways of [-1, 1]) {
      const angle = heading + sideways * leaf.tilt * random.between(0.85, 1.15);
      canvas.fill(leafPath(from, angle, length, leaf.shape), ink, random.between(0.72, 0.95));
      if (!hasBerries || !random.chance(0.5)) continue;
      const center = { x: from.x + Math.cos(angle) * length, y: from.y + Math.sin(angle) * length };
      canvas.fill(disc({ center, radius: reach * 0.07 }), ink);
    }
  }
}

function leafPath(from: Point, angle: number, length: number, shape: number): Path {
  const outline = [
    [0, 0],
    [0.35, 0.5],
    [0.75, 0.32],
    [1, 0],
    [0.75, -0.32],
    [0.35, -0.5],
  ] as const;
  const points = outline.map(([along, across]) => {
    const [x, y] = [along * length, across * length * shape];
    return {
      x: from.x + x * Math.cos(angle) - y * Math.sin(angle),
      y: from.y + x * Math.sin(angle) + y * Math.cos(angle),
    };
  });
  return smooth(points, 6);
}

function arch(from: Point, to: Point, bow: number): Point[] {
  return Array.from({ length: 40 }, (_, i) => {
    const t = i / 39;
    return { x: from.x + (to.x - from.x) * t + Math.sin(Math.PI * t) * bow, y: from.y + (to.y - from.y) * t };
  });
}
