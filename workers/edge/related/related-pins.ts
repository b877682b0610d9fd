/**
 * Related pins through the tiers: isolate memory, the data centre, KV, and only then D1 and the index. They are the same
 * for all viewers and regions; what a viewer has, hid or blocked, and what a region was told is gone, is taken out after.
 *
 * Never fails for want of a dependency: what is late or down is left out and named in `degraded`.
 */
import { createMemoryTier, createReadThrough, type Windows } from "@vitrine/cache";
import { type BoardId, type PinId, Problem, type Region, type RelatedPins, type UserId } from "@vitrine/contracts";
import { cursorLifeMillis, decodeRelatedCursor, encodeRelatedCursor, hashOfId, maxShownPins } from "@vitrine/ranking";
import { getBoard, lastPinsOn } from "@vitrine/store";
import { createColoTier, createRegionTier } from "../adapters/tiers.ts";
import { boardNotFound } from "../boards.ts";
import type { Services } from "../context.ts";
import { withDeadline } from "../deadline.ts";
import { cursorSigner } from "../feed/cursor-signer.ts";
import { loadUserState, type UserState } from "../feed/user-state.ts";
import { forgetPin, isSeenBy, pinPicture } from "../pin-access.ts";
import { pinNotFound } from "../pins.ts";
import { acceptedKeys } from "../signing.ts";
import { buildRelated, type Related } from "./build-related.ts";

/** How they are found: changing it leaves what is kept alone. */
const relatedVersion = 1;
const lookupDeadlineMillis = 1_500;
const relatedDeadlineMillis = 2_500;
/** About 700 bytes a card: some 100 pins' related ones. */
const maxMemoryBytes = 8 * 1024 * 1024;
const bytesAnItem = 700;
/** Fresh and stale together: less than the hour that tombstones are kept, so a buried pin cannot come back. */
const maxAgeMillis = 50 * 60_000;
/** The graph around a pin changes slowly, … */
const freshMillis = 10 * 60_000;
/** … a board that somebody is filling does not. */
const freshOfBoardMillis = 60_000;
/** Nothing yet, or not all of it, is told again soon. */
const poorWindows: Windows = { freshMillis: 5_000, staleMillis: 0 };
/** Pins of the board that are left out, as they are there already. */
const maxPinsOfBoard = 100;

const memory = createMemoryTier<Related>({
  maxBytes: maxMemoryBytes,
  bytesOf: ({ items }) => 100 + items.length * bytesAnItem,
});
const { read } = createReadThrough<Related>();
const stored = {
  codec: {
    encode: (related: Related) => new TextEncoder().encode(JSON.stringify(related)),
    decode: (bytes: Uint8Array): Related => JSON.parse(new TextDecoder().decode(bytes)),
  },
  keepSeconds: maxAgeMillis / 1000,
};

export interface RelatedRequest {
  pinId: PinId;
  boardId: BoardId | undefined;
  userId: UserId | null;
  /** Null takes the cursor's region, else the caller's. */
  region: Region | null;
  limit: number;
  cursor: string | undefined;
}

/** The answer, and the tier that gave it. Throws `not-found` for a pin or a board that the viewer does not see. */
export async function relatedPins(
  services: Services,
  request: RelatedRequest,
): Promise<{ answer: RelatedPins; tier: string }> {
  const { pinId, boardId, userId, limit } = request;
  const now = Date.now();
  const degraded = new Set<string>();
  const { region, shown } = await openScroll(services, request, now);
  const state = await loadUserState(services, { userId, region, now });
  for (const name of state.degraded) degraded.add(name);
  const [isVerified, context] = await Promise.all([
    verifySeen(services, request, state, now),
    boardId ? boardContext(services, boardId, userId) : [],
  ]);
  if (!isVerified) degraded.add("pin");
  if (context === null) degraded.add("board");
  const origin = { pinId, boardId: context === null ? undefined : boardId, context: context ?? [], model: state.model };
  const loaded = await load(services, origin);
  if (loaded === null) degraded.add("related");
  for (const source of loaded?.value.missing ?? []) degraded.add(source);
  // While nobody can say who sees the pin, only what was public within the hour is answered.
  const items = loaded && (isVerified || loaded.value.isPublic) ? loaded.value.items : [];
  const left = items.filter(({ pin }) => !shown.has(hashOfId(pin.id)));
  const wanted = left.filter(({ pin }) => isWanted(pin, { state, userId, context: context ?? [] }));
  const page = wanted.slice(0, limit);
  const told = { ...request, region, shown: [...shown, ...page.map(({ pin }) => hashOfId(pin.id))] };
  const cursor = wanted.length > page.length ? await closeScroll(services, told, { now, degraded }) : null;
  return { answer: { items: page, cursor, degraded: [...degraded] }, tier: loaded?.tier ?? "none" };
}

/** Where the scroll is, and the hashes of what it showed. */
async function openScroll(
  services: Services,
  { pinId, boardId, userId, region, cursor }: RelatedRequest,
  now: number,
): Promise<{ region: Region; shown: ReadonlySet<number> }> {
  if (cursor === undefined) return { region: region ?? services.region, shown: new Set() };
  const { signingKey } = services.settings;
  if (!signingKey) throw new Problem("not-configured", "Set the secret SIGNING_KEY to scroll beyond the first page.");
  const signer = cursorSigner(signingKey, acceptedKeys(services.settings), "related");
  const scroll = await decodeRelatedCursor(cursor, signer, { pinId, boardId: boardId ?? null, userId, now });
  if (region !== null && region !== scroll.region) {
    throw new Problem("invalid-request", "This cursor is of another region: ask for a first page there.");
  }
  return { region: scroll.region, shown: new Set(scroll.shown) };
}

async function closeScroll(
  { settings: { signingKey } }: Services,
  { pinId, boardId, userId, region, shown }: RelatedRequest & { region: Region; shown: number[] },
  { now, degraded }: { now: number; degraded: Set<string> },
): Promise<string | null> {
  if (shown.length >= maxShownPins) return null;
  if (signingKey) {
    const scroll = { pinId, boardId: boardId ?? null, userId, region, shown, expiresAt: now + cursorLifeMillis };
    return encodeRelatedCursor(scroll, cursorSigner(signingKey, [signingKey], "related"));
  }
  degraded.add("cursor");
  return null;
}

/** False when the database could not be asked. */
async function verifySeen(
  services: Services,
  { pinId, userId }: RelatedRequest,
  { withheld }: UserState,
  now: number,
): Promise<boolean> {
  const look = () => withDeadline(pinPicture(services, pinId, now), lookupDeadlineMillis, "The pin").catch(() => null);
  let picture = await look();
  if (picture?.visibility === "public" && (withheld.has(pinId) || withheld.has(picture.boardId))) {
    forgetPin(pinId); // the region was told of what this isolate has not heard
    picture = await look();
  }
  if (picture === null) return false;
  if (!picture || !isSeenBy(picture, userId)) throw pinNotFound();
  return true;
}

/** The board's last public pins; null when the database could not be asked. */
async function boardContext(
  { databases }: Services,
  boardId: BoardId,
  userId: UserId | null,
): Promise<readonly PinId[] | null> {
  const asking = Promise.all([
    getBoard(databases.forId(boardId), boardId, userId),
    lastPinsOn(databases, boardId, maxPinsOfBoard),
  ]);
  const found = await withDeadline(asking, lookupDeadlineMillis, "The board").catch(() => null);
  if (!found) return null;
  const [board, pinIds] = found;
  if (!board) throw boardNotFound();
  return pinIds;
}

async function load(
  services: Services,
  origin: Parameters<typeof buildRelated>[1],
): Promise<{ value: Related; tier: string } | null> {
  const { pinId, boardId, model } = origin;
  const reading = read(`related:${relatedVersion}:${model?.version ?? ""}:${pinId}:${boardId ?? ""}`, {
    tiers: [memory, createColoTier(services.colo, stored), createRegionTier(services.kv, stored)],
    make: () => buildRelated(services, origin),
    windowsOf: ({ items, missing }) => {
      if (items.length === 0 || missing.length > 0) return poorWindows;
      const fresh = boardId ? freshOfBoardMillis : freshMillis;
      return { freshMillis: fresh, staleMillis: maxAgeMillis - fresh };
    },
    now: Date.now,
    defer: services.waitUntil,
  });
  services.waitUntil(reading.catch(() => undefined)); // what is late still comes to be, for the next who asks
  return withDeadline(reading, relatedDeadlineMillis, "Finding related pins").catch((error) => {
    console.warn(`related pins are left out: ${error}`);
    return null;
  });
}

function isWanted(
  { id, userId: creator, boardId }: RelatedPins["items"][number]["pin"],
  { state, userId, context }: { state: UserState; userId: UserId | null; context: readonly PinId[] },
): boolean {
  const { withheld, known, recent } = state;
  if (withheld.has(id) || withheld.has(boardId) || withheld.has(creator)) return false;
  return creator !== userId && !recent.has(id) && !known.has(hashOfId(id)) && !context.includes(id);
}
