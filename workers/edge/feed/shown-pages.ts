/** Counts in this isolate which pins its pages show, and tells the region's store now and then: not with every page. */
import type { PinId, Region } from "@vitrine/contracts";
import { behindAnswer } from "../aftermath.ts";
import type { Services } from "../context.ts";

/** Whichever comes first. A guard of shares within an hour needs no better clock. */
export const pagesPerReport = 50;
export const reportAfterMillis = 10_000;
/** The most frequent are told; what is on a quarter of fifty pages is always among them. About 10 KB. */
const maxPinsPerReport = 400;

interface Counted {
  pages: number;
  pins: Map<PinId, number>;
  since: number;
}

const counted = new Map<Region, Counted>();

/** Counts a page, and behind its answer reports those counted so far when it is time. A report that fails is forgotten. */
export function countShown(
  services: Pick<Services, "regionStore" | "waitUntil">,
  { region, pinIds, now }: { region: Region; pinIds: readonly PinId[]; now: number },
): void {
  const pages = counted.get(region) ?? { pages: 0, pins: new Map<PinId, number>(), since: now };
  counted.set(region, pages);
  pages.pages += 1;
  for (const pinId of pinIds) pages.pins.set(pinId, (pages.pins.get(pinId) ?? 0) + 1);
  if (pages.pages < pagesPerReport && now - pages.since < reportAfterMillis) return;
  counted.delete(region);
  const pins = [...pages.pins].toSorted(([, a], [, b]) => b - a).slice(0, maxPinsPerReport);
  behindAnswer(services, "reporting pages", services.regionStore(region).tellShown({ pages: pages.pages, pins }));
}
