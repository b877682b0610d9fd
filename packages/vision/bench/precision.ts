/**
 * How many of the ten nearest photos share the class (sub-folder) of a query photo: P@10.
 *
 *   npx node packages/vision/bench/precision.ts -- DIR
 *
 * The honest figure learns the projection from one half, queries with the other half, and the other way round. The
 * second one queries the shipped encoder, whose projection (without labels) may have seen the photos.
 */
import { existsSync } from "node:fs";
import { visualDimensions, visualEncoder } from "../src/encoder.ts";
import { pictureFeatures } from "../src/features.ts";
import { hogDescriptor } from "../src/hog.ts";
import { project } from "../src/projection.ts";
import { learnProjection } from "../train/learn.ts";
import { type Photo, readPhotos } from "../train/photos.ts";

interface Sample {
  folder: string;
  descriptor: Float32Array;
  vector: Float32Array;
}

const directory = process.argv.slice(2).find((argument) => argument !== "--");
if (!directory || !existsSync(directory)) {
  console.error("Name a folder with a sub-folder of JPEG photos for each class.");
  process.exit(1);
}

const samples: Sample[] = [];
let featureMillis = 0;
for await (const photo of readPhotos(directory)) samples.push(measured(photo));
const halves = [samples.filter((_, i) => i % 2 === 0), samples.filter((_, i) => i % 2 === 1)] as const;

report("learnt from one half, queried with the other", [...held(halves[0], halves[1]), ...held(halves[1], halves[0])]);
report(`shipped encoder, version ${visualEncoder.version}`, [
  ...precisions(halves[0], halves[1]),
  ...precisions(halves[1], halves[0]),
]);
console.log(`all features: ${(featureMillis / samples.length).toFixed(2)} ms a photo`);

function measured({ folder, raster }: Photo): Sample {
  const start = performance.now();
  const { embedding } = pictureFeatures(raster);
  featureMillis += performance.now() - start;
  return { folder, descriptor: hogDescriptor(raster), vector: embedding };
}

function held(gallery: readonly Sample[], queries: readonly Sample[]) {
  const projection = learnProjection(
    gallery.map(({ descriptor }) => descriptor),
    visualDimensions,
  );
  const encode = (sample: Sample) => ({ ...sample, vector: project(projection, sample.descriptor) });
  return precisions(gallery.map(encode), queries.map(encode));
}

/** The share of the ten nearest in the gallery that have the query's class, for each query. */
function precisions(gallery: readonly Sample[], queries: readonly Sample[]) {
  return queries.map(({ folder, vector }) => {
    const nearest = gallery
      .map((other) => ({
        folder: other.folder,
        score: other.vector.reduce((sum, v, i) => sum + v * (vector[i] ?? 0), 0),
      }))
      .toSorted((one, other) => other.score - one.score)
      .slice(0, 10);
    return { folder, precision: nearest.filter((other) => other.folder === folder).length / 10 };
  });
}

function report(title: string, results: readonly { folder: string; precision: number }[]): void {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const byClass = Map.groupBy(results, ({ folder }) => folder);
  const classMeans = [...byClass.values()].map((group) => mean(group.map(({ precision }) => precision)));
  const overall = mean(results.map(({ precision }) => precision));
  console.log(`P@10 ${overall.toFixed(3)}, mean of classes ${mean(classMeans).toFixed(3)}: ${title}`);
}
