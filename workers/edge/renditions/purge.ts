/** Drops what was made from an original, wherever this isolate, colo and bucket keep it. */
import { renditionFormats } from "@vitrine/contracts";
import { keptPrefixes, type PlannedPreset, placeholderKey, planForPreset, presets, renditionKey } from "@vitrine/image";
import { behindAnswer } from "../aftermath.ts";
import type { Services } from "../context.ts";
import { coloUrl } from "./colo.ts";

/** Each costs one call to the colo's cache, of the 1,000 calls that a request may make. */
const maxPurgedPerCall = 200;

/**
 * Deletes up to 200 kept renditions of an original, and their entries in this colo's cache with those of all presets.
 * Other colos' entries have keys that name their bytes: they are never wrong, and go by the tag or by their age.
 * `more` tells that the bucket holds more of them. Doing it again does no harm.
 */
export async function purgeRenditions(
  services: Services,
  originalHash: string,
): Promise<{ purged: number; more: boolean }> {
  const kept = await listKept(services, originalHash);
  if (kept.keys.length > 0) await services.renditions.delete(kept.keys);
  const keys = new Set([...kept.keys, ...presetKeys(originalHash), placeholderKey(originalHash)]);
  await Promise.allSettled([...keys].map((key) => services.colo.delete(coloUrl(key))));
  return { purged: kept.keys.length, more: kept.more };
}

/** Tells the cache in front of this Worker, where there is one that is told from here. */
export function purgeTag(services: Services, tag: string): void {
  const purging = services.purgeTags?.([tag]);
  if (purging) behindAnswer(services, `purging ${tag}`, purging);
}

async function listKept({ renditions }: Services, originalHash: string): Promise<{ keys: string[]; more: boolean }> {
  const keys: string[] = [];
  for (const prefix of keptPrefixes(originalHash)) {
    if (keys.length >= maxPurgedPerCall) return { keys, more: true };
    const { objects, truncated } = await renditions.list({ prefix, limit: maxPurgedPerCall - keys.length });
    keys.push(...objects.map(({ key }) => key));
    if (truncated) return { keys, more: true };
  }
  return { keys, more: false };
}

function presetKeys(originalHash: string): string[] {
  const names = Object.keys(presets) as PlannedPreset[];
  return names.flatMap((name) =>
    renditionFormats.map((format) => renditionKey(originalHash, planForPreset(name, format))),
  );
}
