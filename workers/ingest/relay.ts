/** What was done in one region, on its way into the stores of all others: one call a region and batch. */
import { type Adoption, type EventsMessage, type Region, type RegionStoreService, regions } from "@vitrine/contracts";
import { unpackFeatures } from "@vitrine/ranking";
import { within } from "./bounded.ts";

/** A region's store answers in milliseconds, from the other side of the world in a second. */
export const regionDeadlineMillis = 3_000;

interface RelayServices {
  regionStore(region: Region): Pick<RegionStoreService, "adopt">;
}

/**
 * Tells every region what the messages bring from the others. Answers the regions that were not to be told: what concerns
 * them is to come again. A call that is lost on the way is made once more at once, for one in twenty is no outage, and the
 * next delivery is seconds away.
 */
export async function relay(bodies: readonly EventsMessage[], services: RelayServices): Promise<ReadonlySet<Region>> {
  const failed = new Set<Region>();
  const told = regions.map(async (region) => {
    const adoption = adoptionOf(bodies.filter((body) => body.region !== region));
    if (adoption.actions.length + adoption.changes.length === 0) return;
    const startedAt = Date.now();
    const adopt = () => within(regionDeadlineMillis, `telling ${region}`, services.regionStore(region).adopt(adoption));
    try {
      await adopt().catch((error) => {
        // Who took all of the time is down or overloaded: another call would only hold up the batch.
        if (Date.now() - startedAt >= regionDeadlineMillis) throw error;
        return adopt();
      });
    } catch (error) {
      console.error(`${region} does not know of what was done elsewhere, and will be told again`, error);
      failed.add(region);
    }
  });
  await Promise.all(told);
  return failed;
}

function adoptionOf(bodies: readonly EventsMessage[]): Adoption {
  return {
    actions: bodies
      .flatMap(({ actions }) => actions)
      .map(({ id, userId, pinId, type, occurredAt, features }) => ({
        ...{ id, userId, pinId, type, occurredAt },
        ...unpackFeatures(features),
      })),
    changes: bodies
      .flatMap(({ refreshes = [] }) => refreshes)
      .flatMap(({ userId, change }) => (change ? [{ userId, change }] : [])),
  };
}
