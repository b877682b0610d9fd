/**
 * The last good trending of each region, for the hour when nothing else is left: with the index, D1, KV and the colo's cache
 * all down, a page of what trended here is better than none.
 */
import type { Region } from "@vitrine/contracts";
import type { Candidate, LoadedFragment } from "@vitrine/ranking";

/** Older than any fragment in ordinary use may be: the emergency takes what it gets, but not yesterday's. */
export const emergencyMillis = 24 * 3_600_000;

interface Kept {
  candidates: readonly Candidate[];
  at: number;
}

/** A hundred pins a region, ten regions. */
const lastTrending = new Map<Region, Kept>();

/** Remembers a page's trending, if it has any. */
export function keepForEmergency(region: Region, fragments: readonly LoadedFragment[], now: number): void {
  const trending = fragments.find(({ request, candidates }) => request.source === "trending" && candidates.length > 0);
  const kept = lastTrending.get(region);
  if (trending && (kept?.candidates !== trending.candidates || now - kept.at > 60_000)) {
    lastTrending.set(region, { candidates: trending.candidates, at: now });
  }
}

/**
 * What was buried leaves the emergency too, for good: tombstones last an hour, and the emergency a day. What is restored
 * meanwhile comes back with the next good trending.
 */
export function buryInEmergency(region: Region, buried: ReadonlySet<string>): void {
  const kept = lastTrending.get(region);
  if (!kept || buried.size === 0) return;
  const isBuried = ({ pin }: Candidate) => buried.has(pin.id) || buried.has(pin.boardId) || buried.has(pin.userId);
  if (!kept.candidates.some(isBuried)) return;
  lastTrending.set(region, { ...kept, candidates: kept.candidates.filter((candidate) => !isBuried(candidate)) });
}

/** The last good trending of the region, at most a day old; empty where there is none. */
export function emergencyFragments(region: Region, now: number): LoadedFragment[] {
  const kept = lastTrending.get(region);
  if (!kept || now - kept.at > emergencyMillis) return [];
  return [{ request: { source: "trending", id: "", weight: 0, need: "essential" }, candidates: kept.candidates }];
}
