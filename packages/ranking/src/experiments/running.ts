/** Running experiments as every edge keeps them: one small value in KV. */
import type { FeedSettings } from "@vitrine/contracts";
import type { BucketRange } from "./allocation.ts";

export interface RunningExperiment {
  id: string;
  layer: string;
  salt: string;
  /** The buckets of the layer whose users take part. */
  ranges: readonly BucketRange[];
  /** The control first; shares sum up to 1. */
  variants: readonly { name: string; share: number; settings: FeedSettings }[];
}

export const experimentsKey = "experiments";

const formatVersion = 1;

export function encodeExperiments(experiments: readonly RunningExperiment[]): string {
  return JSON.stringify({ version: formatVersion, experiments });
}

/** Of another version, none: an old Worker runs no experiment that it may misunderstand. */
export function decodeExperiments(text: string): RunningExperiment[] {
  const { version, experiments } = JSON.parse(text) as { version: number; experiments: RunningExperiment[] };
  return version === formatVersion ? experiments : [];
}
