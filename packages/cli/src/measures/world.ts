/**
 * Users, pins and saves of a measure, as lines for `POST /v1/bulk`. Ids are made here and are the same in every run.
 * Nothing about a pin tells what it is: numbers of pins are drawn anew, all are as old, and have words alone.
 */
import { type BulkOperation, newBoardId, newPinId, newUserId, type PinId, type UserId } from "@vitrine/contracts";
import { seededSequence } from "@vitrine/vectors";

export interface World {
  /** By item. */
  pinIds: readonly PinId[];
  /** Their owners, the owners' boards, and the pins. */
  catalogue(): Iterable<string>;
}

export interface Account {
  id: UserId;
  handle: string;
}

/** Long past, so that nothing is fresh and nothing trends. */
const pinnedAt = Date.UTC(2025, 0, 1);
const savedAt = Date.UTC(2025, 6, 1);
const saveEveryMillis = 60_000;
/** Of one owner: few enough that nobody's pins fill a page. */
const pinsPerOwner = 50;

export function worldOf(items: number): World {
  const places = shuffled(
    Uint32Array.from({ length: items }, (_, item) => item),
    1,
  );
  const ownerCount = Math.ceil(items / pinsPerOwner);
  const owners = Array.from({ length: ownerCount }, (_, n) => {
    const account = accountOf(`owner-${n}`);
    return { account, boardId: newBoardId(account.id, { now: pinnedAt, random: n / ownerCount }) };
  });
  const ownerOf = (place: number) => owners[Math.floor(place / pinsPerOwner)] ?? raise(`pin ${place} has no owner`);
  const pinIds = Array.from(places, (place) =>
    // Spread over the 28 random bits, so that no two pins share an id.
    newPinId(ownerOf(place).account.id, { now: pinnedAt, random: (place + 0.5) / items }),
  );
  return {
    pinIds,
    *catalogue() {
      yield* accountLines(owners.map(({ account }) => account));
      for (const { account, boardId } of owners)
        yield lineOf({ op: "board", id: boardId, ownerId: account.id, name: "Pins", visibility: "public" });
      for (const [item, id] of pinIds.entries()) {
        const place = places[item] ?? 0;
        const { account, boardId } = ownerOf(place);
        const createdAt = new Date(pinnedAt).toISOString();
        yield lineOf({ op: "pin", id, userId: account.id, boardId, title: `Pin ${place}`, description: "", createdAt });
      }
    },
  };
}

export function accountOf(handle: string): Account {
  return { handle, id: newUserId(handle, { now: pinnedAt, random: numberOf(handle) }) };
}

export function* accountLines(accounts: Iterable<Account>): Generator<string> {
  const createdAt = new Date(pinnedAt).toISOString();
  for (const { id, handle } of accounts) yield lineOf({ op: "user", id, handle, name: handle, createdAt });
}

/** One a minute, in the order of the items. */
export function* saveLines({ pinIds }: World, { id }: Account, items: ArrayLike<number>): Generator<string> {
  for (let n = 0; n < items.length; n++) {
    const createdAt = new Date(savedAt + n * saveEveryMillis).toISOString();
    yield lineOf({ op: "save", userId: id, pinId: pinOf(pinIds, items[n]), createdAt });
  }
}

export function* unsaveLines({ pinIds }: World, { id }: Account, items: ArrayLike<number>): Generator<string> {
  for (let n = 0; n < items.length; n++) yield lineOf({ op: "unsave", userId: id, pinId: pinOf(pinIds, items[n]) });
}

/** The same list in another order, which follows from the seed. */
export function shuffled(list: Uint32Array, seed: number): Uint32Array {
  const next = seededSequence(Math.imul(seed + 1, 0x9e3779b1) >>> 0);
  const drawn = Uint32Array.from(list);
  for (let k = drawn.length - 1; k > 0; k--) {
    const at = Math.floor(next() * (k + 1));
    const kept = drawn[at] ?? 0;
    drawn[at] = drawn[k] ?? 0;
    drawn[k] = kept;
  }
  return drawn;
}

function pinOf(pinIds: readonly PinId[], item: number | undefined): PinId {
  return pinIds[item ?? -1] ?? raise(`there is no pin of item ${item}`);
}

/** In [0, 1): 32-bit FNV-1a with its bits mixed, as handles that differ in the last digit differ in the last bits. */
function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

function lineOf(operation: BulkOperation): string {
  return JSON.stringify(operation);
}

function raise(what: string): never {
  throw new RangeError(what);
}
