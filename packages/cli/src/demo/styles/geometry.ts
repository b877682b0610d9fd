import type { Canvas } from "../drawing/canvas.ts";
import { type Color, palette } from "../drawing/color.ts";
import { disc, polygon, rectangle } from "../drawing/path.ts";
import type { Random } from "../drawing/random.ts";
import type { Style } from "../style.ts";

const palettes = [
  "#f4f1de #e07a5f #3d405b #81b29a #f2cc8f",
  "#f1ede0 #d62828 #003049 #f77f00 #fcbf49",
  "#efe9dc #1b1b1e #db3a34 #177e89 #ffc857",
  "#fff8ec #264653 #2a9d8f #e9c46a #e76f51",
  "#f7f4ea #22223b #9a8c98 #c9ada7 #f2a65a",
  "#eef0eb #153243 #284b63 #b4b8ab #f4a259",
  "#fdf6ec #6a0572 #ab83a1 #f9c80e #2d3047",
  "#f2efe9 #0f4c5c #e36414 #9a031e #fb8b24",
].map(palette);

/** A tile's top left corner and its side. */
interface Tile {
  x: number;
  y: number;
  side: number;
}
type Figure = (canvas: Canvas, tile: Tile, pair: { front: Color; accent: Color; random: Random }) => void;

const quarter: Figure = (canvas, { x, y, side }, { front, accent, random }) => {
  const turn = random.integer(0, 3);
  const center = { x: x + (turn === 1 || turn === 2 ? side : 0), y: y + (turn >= 2 ? side : 0) };
  const from = (turn * Math.PI) / 2;
  canvas.fill(disc({ center, radius: side, from, to: from + Math.PI / 2 }), front);
  canvas.fill(disc({ center, radius: side * 0.5, from, to: from + Math.PI / 2 }), accent);
};
const circle: Figure = (canvas, { x, y, side }, { front, accent }) => {
  const center = { x: x + side / 2, y: y + side / 2 };
  canvas.fill(disc({ center, radius: side * 0.42 }), front);
  canvas.fill(disc({ center, radius: side * 0.18 }), accent);
};
const half: Figure = (canvas, { x, y, side }, { front, accent, random }) => {
  const from = (random.integer(0, 1) * 2 + 0) * (Math.PI / 2);
  const middle = { x: x + side / 2, y: y + side / 2 };
  canvas.fill(disc({ center: middle, radius: side / 2, from, to: from + Math.PI }), front);
  canvas.fill(disc({ center: middle, radius: side / 2, from: from + Math.PI, to: from + 2 * Math.PI }), accent);
};
const triangles: Figure = (canvas, { x, y, side }, { front, accent, random }) => {
  const [a, b, c, d] = [
    { x, y },
    { x: x + side, y },
    { x: x + side, y: y + side },
    { x, y: y + side },
  ];
  const isFalling = random.chance(0.5);
  canvas.fill(polygon(isFalling ? [a, c, d] : [a, b, d]), front);
  canvas.fill(polygon(isFalling ? [a, b, c] : [b, c, d]), accent);
};
const bars: Figure = (canvas, { x, y, side }, { front, random }) => {
  const isUpright = random.chance(0.5);
  for (let i = 0; i < 3; i++) {
    const offset = (side / 3) * i;
    canvas.fill(isUpright ? rectangle(x + offset, y, side / 6, side) : rectangle(x, y + offset, side, side / 6), front);
  }
};

/** Tiles of quarter discs, triangles and bars in a few flat colours, after the posters of the Bauhaus. */
export const geometry: Style = {
  name: "geometry",
  words: [
    ["Red", "Blue", "Bold", "Balanced", "Modern", "Playful", "Strict", "Cheerful"],
    ["composition", "tiles", "poster", "forms", "quarters", "circles", "study", "grid"],
  ],
  draw(canvas, random) {
    const { width, height } = canvas;
    const [paper, ...inks] = random.pick(palettes) as [Color, ...Color[]];
    const columns = random.integer(3, 5);
    const side = width / columns;
    canvas.paint(() => paper);
    for (let row = 0; row * side < height; row++) {
      for (let column = 0; column < columns; column++) {
        const tile = { x: column * side, y: row * side, side };
        const [ground, front, accent] = random.shuffle([paper, ...inks]) as [Color, Color, Color];
        canvas.fill(rectangle(tile.x, tile.y, side, side), random.chance(0.4) ? paper : ground);
        random.pick([quarter, quarter, quarter, circle, half, triangles, bars])(canvas, tile, {
          front,
          accent,
          random,
        });
      }
    }
  },
};
