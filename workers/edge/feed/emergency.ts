/**
 * The last good trending of each region, and its fresh, for the hour when nothing else is left: with the index, D1, KV and
 * the colo's cache all down, a page of what trended here is better than none.
 */
import type { Region } from "@vitrine/contracts";
import type { Candidate, LoadedFragment } from "@vitrine/ranking";

/** Older than any fragment in ordinary use may be: the emergency takes what it gets, but not yesterday's. */
export const emergencyMillis = 24 * 3_600_000;

interface Kept extends LoadedFragment {
  at: number;
}

/** Two hundred pins a region, ten regions. */
const lastGood = new Map<Region, Map<string, Kept>>();
const sources: readonly string[] = ["trending", "fresh"];
/** How often a fragment that has not changed is taken to be good anew. */
const againMillis = 60_000;

/** Remembers a page's trending and fresh, where there are any. */
export function keepForEmergency(region: Region, fragments: readonly LoadedFragment[], now: number): void {
  for (const { request, candidates } of fragments) {
    if (!sources.includes(request.source) || candidates.length === 0) continue;
    const kept = lastGood.get(region) ?? new Map<string, Kept>();
    lastGood.set(region, kept);
    const last = kept.get(request.source);
    if (!last || now - last.at > againMillis) kept.set(request.source, { request, candidates, at: now });
  }
}

/**
 * What was buried leaves the emergency too, for good: tombstones last an hour, and the emergency a day. What is restored
 * meanwhile comes back with the next good fragment.
 */
export function buryInEmergency(region: Region, buried: ReadonlySet<string>): void {
  if (buried.size === 0) return;
  const isBuried = ({ pin }: Candidate) => buried.has(pin.id) || buried.has(pin.boardId) || buried.has(pin.userId);
  for (const [source, last] of lastGood.get(region) ?? []) {
    if (!last.candidates.some(isBuried)) continue;
    const left = last.candidates.filter((candidate) => !isBuried(candidate));
    lastGood.get(region)?.set(source, { ...last, candidates: left });
  }
}

/** What is left of the region: at most a day old; empty where there is none. */
export function emergencyFragments(region: Region, now: number): LoadedFragment[] {
  return [...(lastGood.get(region)?.values() ?? [])].filter(({ at }) => now - at <= emergencyMillis);
}
