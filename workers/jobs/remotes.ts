/**
 * Pictures of other hosts that nobody asks for any more go with everything made from them. One that is asked for while
 * it goes is fetched again: the edge looks for the bytes behind each pointer.
 */
import { type RemoteMark, remoteKeptSeconds, remoteMarkPrefix } from "@vitrine/fetching";
import { deleteOrphan } from "./orphans.ts";
import type { JobServices } from "./services.ts";

/** Behind the last pointer's end: KV takes up to a minute to forget it everywhere, a day covers all clocks. */
const spareSeconds = 24 * 3600;
/** Each takes about seven calls of the 1,000 that a run may make. */
const maxDeletedPerRun = 30;
const cursorKey = "retention:remotes";

/** Looks at the next thousand marks, from where the last run ended; answers how many pictures were deleted. */
export async function deleteUnaskedRemotes(services: JobServices): Promise<number> {
  const { kv, now } = services;
  const before = now - (remoteKeptSeconds + spareSeconds) * 1000;
  const cursor = (await kv.get(cursorKey)) || null;
  const marks = await kv.list<RemoteMark>({ prefix: remoteMarkPrefix, cursor });
  const old = marks.keys.filter(({ metadata }) => !metadata || metadata.askedAt < before);
  let deleted = 0;
  for (const { name } of old.slice(0, maxDeletedPerRun)) {
    if (await deleteOrphan(services, name.slice(remoteMarkPrefix.length))) deleted += 1;
    await kv.delete(name);
  }
  // The same marks again while some of them are left.
  const next = old.length > maxDeletedPerRun ? cursor : marks.list_complete ? null : marks.cursor;
  if (next !== cursor) await kv.put(cursorKey, next ?? "");
  return deleted;
}
