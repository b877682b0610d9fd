import { deleteOlder, trendingDays } from "@vitrine/store";
import { deleteOrphans } from "./orphans.ts";
import { deleteUnaskedRemotes } from "./remotes.ts";
import type { JobServices } from "./services.ts";

const hourMillis = 3_600_000;
const dayMillis = 24 * hourMillis;
/** Ids count once for as long as anything might deliver them again; hides stay known that long. */
const actionDays = 90;
/** Clients that try again do so within minutes. */
const idempotencyDays = 7;
/** A run stays short; the next one goes on where it ended. */
const maxRowsPerRun = 50_000;

/** Forgets what is too old to be of use. */
export async function retain(services: JobServices): Promise<string> {
  const { databases, now } = services;
  const gone = { actions: 0, trendingHours: 0, idempotencyKeys: 0 };
  const limit = maxRowsPerRun;
  const trendingHour = Math.floor(now / hourMillis) - trendingDays * 24;
  for (const database of databases.all()) {
    gone.actions += await deleteOlder(database, "actions", { before: now - actionDays * dayMillis, limit });
    gone.trendingHours += await deleteOlder(database, "trendingHours", { before: trendingHour, limit });
    const before = now - idempotencyDays * dayMillis;
    gone.idempotencyKeys += await deleteOlder(database, "idempotencyKeys", { before, limit });
  }
  const orphans = await deleteOrphans(services);
  const remotes = await deleteUnaskedRemotes(services);
  return (
    `Deleted ${gone.actions} actions older than ${actionDays} days, ${gone.trendingHours} trending hours older than ` +
    `${trendingDays} days, ${gone.idempotencyKeys} idempotency keys older than ${idempotencyDays} days, ${orphans} ` +
    `originals that no pin shows and ${remotes} pictures of other hosts that nobody asked for in a month.`
  );
}
