/**
 * Which picture a pin has and who may see it, remembered in this isolate: a page of a feed asks for hundreds of
 * renditions, and most of them are answered by a cache that knows nothing of pins.
 *
 * A write in this isolate is known at once (`forgetPin`, `forgetBoard`), one elsewhere after half a minute at most.
 */
import { type BoardId, PinId, Problem, type UserId } from "@vitrine/contracts";
import { getShownPicture, type ShownPicture } from "@vitrine/store";
import type { Services } from "./context.ts";
import { withDeadline } from "./deadline.ts";

/** How long a deleted or hidden picture may still be answered elsewhere. */
const knownMillis = 30_000;
/** What is not there, or has no picture yet, may be there soon. */
const unknownMillis = 5_000;
const pendingMillis = 1_000;
/** For how long after its time an entry answers while the database does not. */
const staleMillis = 5 * 60_000;
/** D1 answers in milliseconds; whoever waits longer than this for a picture has left. */
const databaseDeadlineMillis = 5_000;
/** About 400 bytes each: 4 MB of the isolate. */
const maxEntries = 10_000;

interface Entry {
  picture: ShownPicture | undefined;
  until: number;
}

/** Insertion order is age: the first is the oldest. */
const entries = new Map<string, Entry>();
/** Counts what was forgotten: a look-up that was under way then is not remembered. */
let forgotten = 0;

/** The pin's picture, or undefined when there is no such pin. `now` in milliseconds. */
export async function pinPicture(
  services: Pick<Services, "databases">,
  pin: string,
  now: number,
): Promise<ShownPicture | undefined> {
  const known = entries.get(pin);
  if (known && known.until > now) return known.picture;
  const id = PinId.safeParse(pin);
  if (!id.success) return undefined;
  const before = forgotten;
  const asking = getShownPicture(services.databases.forId(id.data), id.data);
  let picture: ShownPicture | undefined;
  try {
    picture = await withDeadline(asking, databaseDeadlineMillis, "The pin");
  } catch (cause) {
    // Stale if error, unless it was forgotten meanwhile: while the database is down nobody can change it either.
    const stale = entries.get(pin);
    if (stale?.picture && stale.until + staleMillis > now) return stale.picture;
    const later = { cause, retryAfterSeconds: 5 };
    throw new Problem("unavailable", "The pin cannot be looked up now: ask again in a few seconds.", later);
  }
  if (before === forgotten) remember(pin, { picture, until: now + lifetime(picture) });
  return picture;
}

/** To be called after a pin was deleted or changed its picture or board. */
export function forgetPin(pin: PinId): void {
  forgotten += 1;
  entries.delete(pin);
}

/** To be called after a board was deleted or changed its visibility or members. */
export function forgetBoard(board: BoardId): void {
  forgotten += 1;
  for (const [pin, { picture }] of entries) if (picture?.boardId === board) entries.delete(pin);
}

/** Whether a user sees the pin without a signature. */
export function isSeenBy(picture: ShownPicture, user: UserId | null): boolean {
  return picture.visibility === "public" || (user !== null && picture.members.includes(user));
}

/** The hash of the pin's picture, or the `not-found` that says why there is none. */
export function originalOf({ originalHash, imageUrl, status }: ShownPicture): string {
  if (originalHash !== null) return originalHash;
  if (imageUrl === null) throw new Problem("not-found", "This pin has no picture.");
  if (status === "failed") throw new Problem("not-found", "The picture of this pin could not be fetched.");
  throw new Problem("not-found", "The picture of this pin is not fetched yet: ask again in two seconds.", {
    retryAfterSeconds: 2,
  });
}

function lifetime(picture: ShownPicture | undefined): number {
  if (!picture) return unknownMillis;
  return picture.originalHash === null ? pendingMillis : knownMillis;
}

function remember(pin: string, entry: Entry): void {
  entries.delete(pin);
  entries.set(pin, entry);
  for (const oldest of entries.keys()) {
    if (entries.size <= maxEntries) return;
    entries.delete(oldest);
  }
}
