import { type Color, mix, palette } from "../drawing/color.ts";
import { noiseOf } from "../drawing/noise.ts";
import { blob } from "../drawing/path.ts";
import type { Style } from "../style.ts";

/** Paper, then washes. */
const palettes = [
  "#fbf8f1 #4f86c6 #744fc6 #e58fb1",
  "#fdf9f3 #e07a5f #f2b880 #c97b84",
  "#faf9f4 #2a9d8f #8ab17d #e9c46a",
  "#fcfaf5 #3d5a80 #98c1d9 #ee6c4d",
  "#fbf7f4 #b56576 #e56b6f #eaac8b",
  "#f8faf7 #386641 #6a994e #a7c957",
  "#fbf9fc #5e548e #9f86c0 #be95c4",
  "#fdfaf0 #f3a712 #db2b39 #29335c",
  "#f7fafb #00798c #66a182 #edae49",
].map(palette);

/** Washes of colour that bleed into damp paper, darker where they dried. */
export const watercolour: Style = {
  name: "watercolour",
  words: [
    ["Loose", "Pale", "Bleeding", "Soft", "Rainy", "Summer", "Faded", "Tender"],
    ["wash", "watercolour", "bloom", "stain", "clouds", "petals", "sketch", "puddles"],
  ],
  draw(canvas, random) {
    const { width, height } = canvas;
    const [paper, ...washes] = random.pick(palettes) as [Color, ...Color[]];
    canvas.paint(() => paper);
    const spots = random.integer(4, 9);
    for (let spot = 0; spot < spots; spot++) {
      const color = mix(random.pick(washes), random.pick(washes), random.between(0, 0.4));
      const center = { x: width * random.between(0.12, 0.88), y: height * random.between(0.12, 0.88) };
      const radius = width * random.between(0.12, 0.3);
      // Many faint layers of slightly different outline: soft where few overlap, dense where all do.
      for (let layer = 0; layer < 14; layer++) {
        const near = {
          x: center.x + radius * random.between(-0.09, 0.09),
          y: center.y + radius * random.between(-0.09, 0.09),
        };
        const shape = { corners: random.integer(9, 15), wobble: 0.16 + layer * 0.012 };
        canvas.fill(blob(random, { center: near, radius: radius * random.between(0.82, 1.06) }, shape), color, 0.09);
      }
      for (let drop = 0; drop < 5; drop++) {
        const away = {
          x: center.x + radius * random.between(-1.7, 1.7),
          y: center.y + radius * random.between(-1.7, 1.7),
        };
        canvas.fill(blob(random, { center: away, radius: width * random.between(0.004, 0.02) }), color, 0.5);
      }
    }
    const tooth = noiseOf(random, 2);
    const pool = noiseOf(random, 3);
    canvas.lighten((x, y) => tooth(x / 2.2, y / 2.2) * 6 + pool((x / width) * 5, (y / width) * 5) * 12);
  },
};
