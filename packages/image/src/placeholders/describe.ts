import type { Raster } from "@vitrine/contracts";
import { thumbHashToAverageRGBA } from "thumbhash";
import { pipelineVersion } from "../plan.ts";
import type { PictureFormat } from "../probe/picture.ts";
import { type Placeholders, placeholdersOf, placeholderVersion, thumbhashBytes } from "./placeholder.ts";

/** What a picture's own pixels tell without any table. */
export interface PlaceholderRecord extends Placeholders {
  /** Upright size of the original in pixels. */
  width: number;
  height: number;
  /** Of the original file. */
  format: PictureFormat | null;
  /** `#rrggbb`, the mean of all pixels. */
  averageColor: string;
}

/** The record of an original, from a raster of it (see `placeholdersOf` for its limit). */
export function describePicture(
  raster: Raster,
  original: Pick<PlaceholderRecord, "width" | "height" | "format">,
): PlaceholderRecord {
  const { width, height, format } = original;
  const bytes = thumbhashBytes(raster);
  const { r, g, b } = thumbHashToAverageRGBA(bytes);
  return { width, height, format, averageColor: hexOf([r, g, b]), ...placeholdersOf(raster) };
}

/** Where the record lies: under the same prefix as everything else made from the original, so that it is purged with it. */
export function placeholderKey(originalHash: string): string {
  return `r/${pipelineVersion}/${originalHash}/placeholder-${placeholderVersion}.json`;
}

function hexOf(channels: readonly number[]): string {
  const digits = channels.map((channel) => Math.round(Math.min(1, Math.max(0, channel)) * 255));
  return `#${digits.map((digit) => digit.toString(16).padStart(2, "0")).join("")}`;
}
