import type { RenditionPlan } from "@vitrine/contracts";

/** Raise it with every change that alters the bytes of renditions: kept ones and ETags of the old are then unused. */
export const pipelineVersion = 1;

/**
 * A plan as one canonical token, e.g. `cover-236x236-q80.webp`, `scale-down-236x_-q85.jpeg`. Equal plans have
 * equal keys, different ones different keys, in whatever order their properties were written. It has only
 * characters that need no escape in a URL, an ETag or an object key.
 */
export function planKey({ fit, width, height, format, quality }: RenditionPlan): string {
  return `${fit}-${width ?? "_"}x${height ?? "_"}-q${quality}.${format}`;
}

/** Where a rendition lies in the renditions bucket; everything made from one original shares a prefix. */
export function renditionKey(originalHash: string, plan: RenditionPlan): string {
  return `r/${pipelineVersion}/${originalHash}/${planKey(plan)}`;
}

/**
 * The strong ETag of a rendition, quoted. It is known without making the rendition: the same original, plan and
 * pipeline give the same bytes. 32 of the hash's 64 hex digits are 128 bits, enough to never collide.
 */
export function renditionEtag(originalHash: string, plan: RenditionPlan): string {
  return `"${pipelineVersion}.${originalHash.slice(0, 32)}.${planKey(plan)}"`;
}
