/**
 * Reads a folder of JPEG photos, sub-folders included, as rasters of the size that ingest hands to the features.
 * Names decide the order, so that everything learnt from a folder is the same on every machine.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import decode, { init } from "@jsquash/jpeg/decode.js";
import type { Raster } from "@vitrine/contracts";
import { resample } from "../src/resample.ts";

/** Ingest asks the images Worker for rasters inside a box of this side, in pixels. */
const rasterSide = 256;

export interface Photo {
  /** Path inside the folder. */
  name: string;
  /** The sub-folder: the class in evaluations, and never looked at in training. */
  folder: string;
  raster: Raster;
}

/** Reads the photos one by one; a file that cannot be decoded is told and left out. */
export async function* readPhotos(directory: string): AsyncGenerator<Photo> {
  await init(
    new WebAssembly.Module(
      readFileSync(createRequire(import.meta.url).resolve("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm")),
    ),
  );
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => /\.jpe?g$/i.test(name));
  for (const name of names.toSorted()) {
    try {
      const bytes = readFileSync(join(directory, name));
      const picture = await decode(
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
      );
      yield { name, folder: dirname(name), raster: shrink({ ...picture, data: new Uint8Array(picture.data.buffer) }) };
    } catch (error) {
      console.warn(`${name}: left out, ${error instanceof Error ? error.message : error}`);
    }
  }
}

function shrink(raster: Raster): Raster {
  const scale = Math.min(1, rasterSide / Math.max(raster.width, raster.height));
  return resample(
    raster,
    Math.max(1, Math.round(raster.width * scale)),
    Math.max(1, Math.round(raster.height * scale)),
  );
}
