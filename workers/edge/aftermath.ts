/** What follows a write behind the answer: every region's feeds, the index and this isolate's look-ups are told. */
import { type BoardId, type PinId, regions } from "@vitrine/contracts";
import type { Services } from "./context.ts";
import { withDeadline } from "./deadline.ts";

/** The very next feed is to know of a write, but no write waits longer than this for the region's store. */
const ownRegionDeadlineMillis = 2_000;

/** The platform lets work go on for 30 s behind an answer; what takes this long will not come. */
const behindDeadlineMillis = 20_000;

/** The index takes this many ids in one call. */
const maxIdsPerDelete = 100;

/** Lets work go on behind the answer; that it failed is logged, and nobody waits for it. */
export function behindAnswer(services: Pick<Services, "waitUntil">, what: string, work: Promise<unknown>): void {
  const bounded = withDeadline(work, behindDeadlineMillis, what);
  services.waitUntil(bounded.catch((error) => console.error(`${what} failed`, error)));
}

/**
 * The caller's region is told before the answer, so that the next feed knows. When it is late or down, the telling
 * goes on behind the answer, and the write stands all the same.
 */
export async function tellRegion(services: Services, what: string, telling: Promise<unknown>): Promise<void> {
  behindAnswer(services, what, telling);
  await withDeadline(telling, ownRegionDeadlineMillis, "The region's store").catch(() => undefined);
}

/** Takes pins or boards out of the feeds of all regions, or puts them back: here before the answer, elsewhere behind it. */
export async function tellAllRegions(
  services: Services,
  word: "bury" | "restore",
  ids: (PinId | BoardId)[],
): Promise<void> {
  for (const region of regions) {
    if (region === services.region) continue;
    behindAnswer(services, `${word} in ${region}`, services.regionStore(region)[word](ids));
  }
  await tellRegion(services, `${word} in ${services.region}`, services.regionStore(services.region)[word](ids));
}

/** Takes the vectors of deleted pins out of the visual index. */
export function forgetVectors(services: Services, pinIds: readonly string[]): void {
  for (let from = 0; from < pinIds.length; from += maxIdsPerDelete) {
    const ids = pinIds.slice(from, from + maxIdsPerDelete);
    behindAnswer(services, "deleting vectors", services.visualIndex.deleteByIds(ids));
  }
}
