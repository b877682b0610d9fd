/** Pictures for tests: drawn by seed, or real photos where the data folder stands beside the repository. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

export const sharedData = join(import.meta.dirname, "../../../shared/data");

/** A JPEG of random soft blobs; the same seed gives the same bytes. */
export async function drawPicture({ seed, width, height }: { seed: number; width: number; height: number }) {
  let state = seed + 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const color = () =>
    `hsl(${Math.floor(random() * 360)} ${40 + Math.floor(random() * 50)}% ${30 + Math.floor(random() * 50)}%)`;
  const blobs = Array.from({ length: 12 }, () => {
    const [x, y, r] = [random() * width, random() * height, (0.05 + random() * 0.25) * width];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="${color()}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${color()}"/>${blobs.join("")}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer();
}

/** The upper half red, the lower half blue, left edge green: tells every orientation from every other. */
export async function drawCompass({
  width,
  height,
  orientation,
}: {
  width: number;
  height: number;
  orientation: number;
}) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="50%" fill="red"/><rect y="50%" width="100%" height="50%" fill="blue"/><rect width="25%" height="100%" fill="lime"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).withMetadata({ orientation }).toBuffer();
}

/** A GIF of a bar that wanders: no two frames are alike. */
export async function drawAnimation({ width, height, frames }: { width: number; height: number; frames: number }) {
  const data = Buffer.alloc(width * height * frames * 3, 40);
  for (let i = 0; i < width * height * frames; i++) {
    const frame = Math.floor(i / (width * height));
    if (Math.abs((i % width) - (frame + 0.5) * (width / frames)) < 6) data.set([250, 120, 20], i * 3);
  }
  const raw = { width, height: height * frames, channels: 3, pageHeight: height } as const;
  return sharp(data, { raw })
    .gif({ delay: Array(frames).fill(80) })
    .toBuffer();
}

export const hasPhotos = existsSync(join(sharedData, "photos"));
export const hasHardImages = existsSync(join(sharedData, "hard-images"));

/** The first `count` photos of each class. */
export function photosByClass(count: number): Map<string, Buffer[]> {
  const root = join(sharedData, "photos");
  const classes = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(
    classes.map(({ name }) => {
      const files = readdirSync(join(root, name)).toSorted().slice(0, count);
      return [name, files.map((file) => readFileSync(join(root, name, file)))];
    }),
  );
}
