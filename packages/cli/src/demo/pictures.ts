/** The demo's catalogue: 320 pictures in eight styles, drawn by code and the same on every machine. */
import { createHash } from "node:crypto";
import { type Canvas, createCanvas } from "./drawing/canvas.ts";
import { randomOf } from "./drawing/random.ts";
import type { Style } from "./style.ts";
import { botany } from "./styles/botany.ts";
import { dunes } from "./styles/dunes.ts";
import { geometry } from "./styles/geometry.ts";
import { mosaic } from "./styles/mosaic.ts";
import { skyline } from "./styles/skyline.ts";
import { terrazzo } from "./styles/terrazzo.ts";
import { watercolour } from "./styles/watercolour.ts";
import { waves } from "./styles/waves.ts";

export const styles: readonly Style[] = [dunes, geometry, botany, terrazzo, waves, mosaic, skyline, watercolour];
export const picturesPerStyle = 40;

/** Pixels; the widest column of the studio shows 474. */
const pictureWidth = 480;
/** Height by width, as posters, phones and postcards have them. */
const aspects = [1.5, 1.33, 1.25, 1, 0.75, 1.6] as const;

export interface DemoPicture {
  style: Style;
  /** 0..39 within its style. */
  number: number;
  title: string;
}

export function demoPictures(): DemoPicture[] {
  return styles.flatMap((style) =>
    Array.from({ length: picturesPerStyle }, (_, number) => ({ style, number, title: titleOf(style, number) })),
  );
}

/** 64 pairs of words a style, each used once at most. */
function titleOf({ words: [first, second] }: Style, number: number): string {
  const adjective = first[number % first.length] ?? "";
  const noun = second[(number + Math.floor(number / first.length)) % second.length] ?? "";
  return `${adjective} ${noun}`;
}

export function drawPicture({ style, number }: Pick<DemoPicture, "style" | "number">): Canvas {
  const random = randomOf(`${style.name} ${number}`);
  const height = Math.round(pictureWidth * random.pick(aspects));
  const canvas = createCanvas(pictureWidth, height, [255, 255, 255]);
  style.draw(canvas, random);
  return canvas;
}

/** Lower-case hex of the pixels' SHA-256. */
export function digestOf({ data }: Canvas): string {
  return createHash("sha256").update(data).digest("hex");
}
