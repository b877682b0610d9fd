/** Pictures to measure with when nobody brings one: the same on every machine, with detail at several scales. */
import sharp from "sharp";
import { randomOf } from "../demo/drawing/random.ts";

export interface BenchPicture {
  name: string;
  file: Buffer;
}

/** What cameras and phones make: 4:3 up to 12 and at 48 megapixels, 3:2 at 24. */
const sizes = [
  { name: "2 MP", width: 1632, height: 1224 },
  { name: "6 MP", width: 2832, height: 2128 },
  { name: "12 MP", width: 4032, height: 3024 },
  { name: "12 MP progressive", width: 4032, height: 3024, isProgressive: true },
  { name: "24 MP", width: 6000, height: 4000 },
  { name: "48 MP", width: 8064, height: 6048 },
] as const;

/** One after the other: the largest takes a good part of a gigabyte while it is drawn. */
export async function* drawPictures(): AsyncGenerator<BenchPicture> {
  for (const { name, ...size } of sizes) yield { name, file: await drawPhotograph({ ...size, seed: name }) };
}

export interface DrawnSize {
  width: number;
  height: number;
  seed: string;
  isProgressive?: boolean;
}

/** Finest detail in pixels: a sensor's picture is not sharp to the pixel either. */
const finest = 3;
/** Side of a cell in finest details, and how far it strays from grey: about 1.1 bits a pixel, as photographs take. */
const layers = [
  { cell: 32, spread: 120 },
  { cell: 4, spread: 40 },
  { cell: 1, spread: 14 },
];

/** A JPEG of quality 88 with the busyness of a photograph: noise of several scales, enlarged and laid over each other. */
export async function drawPhotograph({ width, height, seed, isProgressive = false }: DrawnSize): Promise<Buffer> {
  const detail = { width: Math.ceil(width / finest), height: Math.ceil(height / finest) };
  const drawn = await Promise.all(layers.map((layer) => drawLayer({ ...layer, ...detail, seed })));
  const [base, ...over] = drawn;
  const raw = { ...detail, channels: 3 as const };
  const composed = await sharp(base, { raw })
    .composite(over.map((input) => ({ input, raw, blend: "overlay" as const })))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return sharp(composed.data, { raw: composed.info, limitInputPixels: false })
    .resize(width, height, { kernel: "cubic", fit: "fill" })
    .jpeg({ quality: 88, progressive: isProgressive })
    .toBuffer();
}

interface Layer {
  cell: number;
  spread: number;
  width: number;
  height: number;
  seed: string;
}

function drawLayer({ cell, spread, width, height, seed }: Layer): Promise<Buffer> {
  const random = randomOf(`${seed} ${cell}`);
  const cells = { width: Math.ceil(width / cell), height: Math.ceil(height / cell) };
  // The sum of two is near enough to a bell.
  const noise = Buffer.from(
    Uint8Array.from(
      { length: cells.width * cells.height * 3 },
      () => 128 + spread * (random.next() + random.next() - 1),
    ),
  );
  return sharp(noise, { raw: { ...cells, channels: 3 } })
    .resize(width, height, { kernel: "cubic", fit: "fill" })
    .raw()
    .toBuffer();
}
