import { pipelineVersion } from "./plan.ts";

/**
 * Where everything lies that was ever made from an original: one prefix for each version of the pipeline, the present
 * one first, each ending in "/".
 */
export function keptPrefixes(originalHash: string): string[] {
  return Array.from({ length: pipelineVersion }, (_, i) => `r/${pipelineVersion - i}/${originalHash}/`);
}
