/**
 * The saves that one training learns from, read once and kept as a file: whoever goes on with the training learns from
 * the same ones, whatever is saved meanwhile.
 */
import type { PinId } from "@vitrine/contracts";
import { type Databases, savesBefore } from "@vitrine/store";
import { type Saves, savesOf } from "@vitrine/training";

export interface Snapshot {
  saves: Saves;
  /** Pin of each item. */
  pinIds: PinId[];
  /** Milliseconds since 1970 of the oldest and the newest save. */
  dataFrom: number;
  dataThrough: number;
}

/** Rows of one query; see `savesBefore`. */
const rowsPerSlice = 20_000;
/** Newest first. Two million saves take 16 MB of an isolate's 128 while they are read, and as much in the kernels. */
const maxSaves = 2_000_000;
/** Vectors and 500 neighbours of a pin are 3.5 KB in memory: 70 MB. Those with the most saves are learned. */
const maxPins = 20_000;

/** Reads all saves, the newest two million of a larger platform; answers null when there are none. */
export async function readSaves(databases: Databases): Promise<Snapshot | null> {
  const itemOf = new Map<PinId, number>();
  const listOf = new Map<string, number[]>();
  let dataFrom = Number.POSITIVE_INFINITY;
  let dataThrough = 0;
  const perDatabase = Math.ceil(maxSaves / databases.all().length);
  for (const database of databases.all()) {
    let before = Number.MAX_SAFE_INTEGER;
    for (let read = 0; read < perDatabase; read += rowsPerSlice) {
      const rows = await savesBefore(database, { before, limit: rowsPerSlice });
      for (const [rowId, userId, pinId, createdAt] of rows) {
        const item = itemOf.get(pinId) ?? itemOf.size;
        if (item === itemOf.size) itemOf.set(pinId, item);
        const list = listOf.get(userId);
        if (list) list.push(item);
        else listOf.set(userId, [item]);
        dataFrom = Math.min(dataFrom, createdAt);
        dataThrough = Math.max(dataThrough, createdAt);
        before = rowId;
      }
      if (rows.length < rowsPerSlice) break;
    }
  }
  if (itemOf.size === 0) return null;
  return withMostSaved({ lists: [...listOf.values()], pinIds: [...itemOf.keys()] }, { dataFrom, dataThrough });
}

function withMostSaved(
  { lists, pinIds }: { lists: number[][]; pinIds: PinId[] },
  range: Pick<Snapshot, "dataFrom" | "dataThrough">,
): Snapshot {
  if (pinIds.length <= maxPins) return { saves: savesOf(lists, pinIds.length), pinIds, ...range };
  const counts = new Uint32Array(pinIds.length);
  for (const list of lists) for (const item of list) counts[item] = (counts[item] ?? 0) + 1;
  const kept = Array.from(counts.keys())
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
    .slice(0, maxPins);
  const placeOf = new Int32Array(pinIds.length).fill(-1);
  kept.forEach((item, place) => {
    placeOf[item] = place;
  });
  const left = lists
    .map((list) => list.map((item) => placeOf[item] ?? -1).filter((place) => place >= 0))
    .filter((list) => list.length > 0);
  return { saves: savesOf(left, maxPins), pinIds: kept.flatMap((item) => pinIds[item] ?? []), ...range };
}

/** As parts of a file: a head of six numbers, offsets, columns, and the pins' ids on lines. */
export function encodeSnapshot({ saves, pinIds, dataFrom, dataThrough }: Snapshot): Uint8Array[] {
  const ids = new TextEncoder().encode(pinIds.join("\n"));
  const head = Float64Array.of(saves.users, saves.items, saves.columns.length, ids.byteLength, dataFrom, dataThrough);
  return [head, saves.offsets, saves.columns, ids].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
}

/** Borrows the bytes of the parts, joined. */
export function decodeSnapshot({ buffer }: Uint8Array<ArrayBuffer>): Snapshot {
  const [users = 0, items = 0, count = 0, idBytes = 0, dataFrom = 0, dataThrough = 0] = new Float64Array(buffer, 0, 6);
  const offsets = new Uint32Array(buffer, headBytes, users + 1);
  const columns = new Uint32Array(buffer, headBytes + offsets.byteLength, count);
  const ids = new Uint8Array(buffer, headBytes + offsets.byteLength + columns.byteLength, idBytes);
  const pinIds = new TextDecoder().decode(ids).split("\n") as PinId[];
  return { saves: { users, items, offsets, columns }, pinIds, dataFrom, dataThrough };
}

const headBytes = 6 * Float64Array.BYTES_PER_ELEMENT;
