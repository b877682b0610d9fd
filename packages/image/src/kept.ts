import { type RenditionFormat, renditionFormats } from "@vitrine/contracts";
import { pipelineVersion } from "./plan.ts";

/**
 * Where everything lies that was ever made from an original: one prefix for each version of the pipeline, the present
 * one first, each ending in "/".
 */
export function keptPrefixes(originalHash: string): string[] {
  return Array.from({ length: pipelineVersion }, (_, i) => `r/${pipelineVersion - i}/${originalHash}/`);
}

export interface KeptWhole {
  format: RenditionFormat;
  /** Of its box; null where the plan leaves it open. */
  width: number | null;
}

/**
 * What a kept rendition shows, by its key, when that is the whole picture as it is: no part, no effect, and above all
 * nothing drawn on it, which may be of a pin that not everybody sees. Undefined for all others, unknown ones included.
 */
export function keptWhole(key: string): KeptWhole | undefined {
  const [, width, format] = wholePlan.exec(key.slice(key.lastIndexOf("/") + 1)) ?? [];
  const known = renditionFormats.find((each) => each === format);
  return known && { format: known, width: width === "_" ? null : Number(width) };
}

/** Tokens of `planKey` that only say how the picture is encoded. */
const wholePlan =
  /^(?:scale-down|contain|scale-up)-(\d+|_)x(?:\d+|_)-q\d+(?:~(?:baseline|lossless|chroma|seeks|adapts|fast|max\d+))*\.([a-z]+)$/;
