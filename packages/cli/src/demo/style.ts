import type { Canvas } from "./drawing/canvas.ts";
import type { Random } from "./drawing/random.ts";

/** One way of drawing: the demo has eight, and a taste is a liking for some of them. */
export interface Style {
  /** Also the name of the category and of the board. */
  name: string;
  /** Words for titles: one of each, in this order. */
  words: readonly [readonly string[], readonly string[]];
  /** Draws over the whole canvas; the same random numbers give the same picture. */
  draw(canvas: Canvas, random: Random): void;
}
