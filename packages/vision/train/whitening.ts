/**
 * Learns the projection of the visual embedding from any folder of JPEG photos and writes
 * packages/vision/src/whitening.generated.ts; the same photos give the same file.
 *
 *   npx node packages/vision/train/whitening.ts -- DIR
 */
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hogDescriptor } from "../src/hog.ts";
import { packProjection } from "../src/projection.ts";
import { learnProjection } from "./learn.ts";
import { readPhotos } from "./photos.ts";

/** Of the `visual` index; `visualDimensions` cannot be imported from what reads the file that is written here. */
const dimensions = 128;
const target = fileURLToPath(new URL("../src/whitening.generated.ts", import.meta.url));

const directory = process.argv.slice(2).find((argument) => argument !== "--");
if (!directory || !existsSync(directory)) {
  console.error("Name a folder of JPEG photos: npx node packages/vision/train/whitening.ts -- DIR");
  process.exit(1);
}

const descriptors: Float32Array[] = [];
for await (const { raster } of readPhotos(directory)) descriptors.push(hogDescriptor(raster));
if (descriptors.length <= dimensions) {
  console.error(`${descriptors.length} photos are too few to learn ${dimensions} dimensions; give at least 1,000.`);
  process.exit(1);
}
const packed = packProjection(learnProjection(descriptors, dimensions));
const header = `/**
 * Made by packages/vision/train/whitening.ts from ${descriptors.length} photos: do not edit.
 * ${dimensions} principal components of HOG descriptors, softly whitened, as scales and offsets (float32) and weights
 * (int8), in base64; \`unpackProjection\` in projection.ts reads it.
 */
`;
writeFileSync(target, `${header}export const whitening =\n  "${Buffer.from(packed).toString("base64")}";\n`);
console.log(`${descriptors.length} photos, ${packed.length} bytes packed: ${target}`);
