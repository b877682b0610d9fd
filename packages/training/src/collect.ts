/** Saves from pairs of ids, in whatever order and slices a database gives them, and as one binary between two steps. */
import { type Saves, transposed } from "./saves.ts";

/** 2²⁵: twice in 32 bits each, they fill an isolate. */
export const maxSaves = 2 ** 25;
const magic = 0x53525456;

export interface CollectedSaves {
  saves: Saves;
  /** Ids by row and by column. */
  userIds: string[];
  itemIds: string[];
}

export class SavesCollector {
  readonly #users = new Map<string, number>();
  readonly #items = new Map<string, number>();
  #pairs = new Uint32Array(2 * 65_536);
  #count = 0;

  /** The same pair may come twice; it counts once. */
  add(user: string, item: string): void {
    if (this.#count >= maxSaves) throw new RangeError(`A training takes at most ${maxSaves} saves.`);
    if (2 * this.#count === this.#pairs.length) {
      const grown = new Uint32Array(this.#pairs.length * 2);
      grown.set(this.#pairs);
      this.#pairs = grown;
    }
    this.#pairs[2 * this.#count] = indexOf(this.#users, user);
    this.#pairs[2 * this.#count + 1] = indexOf(this.#items, item);
    this.#count++;
  }

  /** Rows by when a user first came, columns by when an item did. */
  collected(): CollectedSaves {
    const [users, items] = [this.#users.size, this.#items.size];
    // By item in order of coming; two transpositions then sort the columns of each row.
    const byItem = sortedInto(this.#pairs.subarray(0, 2 * this.#count), { rows: items, columns: users });
    return {
      saves: withoutRepeats(transposed(byItem)),
      userIds: [...this.#users.keys()],
      itemIds: [...this.#items.keys()],
    };
  }
}

export function encodeSaves({ users, items, offsets, columns }: Saves): Uint8Array {
  const words = new Uint32Array(4 + offsets.length + columns.length);
  words.set([magic, users, items, columns.length]);
  words.set(offsets, 4);
  words.set(columns, 4 + offsets.length);
  return new Uint8Array(words.buffer);
}

/** Throws a RangeError for what `encodeSaves` did not write. */
export function decodeSaves(bytes: Uint8Array): Saves {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / 4));
  const [found, users = 0, items = 0, count = 0] = words;
  if (found !== magic || bytes.byteLength !== 4 * (4 + users + 1 + count)) {
    throw new RangeError("These are not saves, or they are cut off.");
  }
  const offsets = words.subarray(4, 5 + users);
  const columns = words.subarray(5 + users);
  const isRising = offsets.every((offset, row) => offset <= (offsets[row + 1] ?? count));
  if (offsets[0] !== 0 || offsets[users] !== count || !isRising || columns.some((item) => item >= items)) {
    throw new RangeError("These saves contradict themselves.");
  }
  return { users, items, offsets, columns };
}

function indexOf(known: Map<string, number>, id: string): number {
  const index = known.get(id) ?? known.size;
  if (index === known.size) known.set(id, index);
  return index;
}

function sortedInto(pairs: Uint32Array, { rows, columns }: { rows: number; columns: number }): Saves {
  const offsets = new Uint32Array(rows + 1);
  for (let at = 1; at < pairs.length; at += 2) {
    const row = (pairs[at] ?? 0) + 1;
    offsets[row] = (offsets[row] ?? 0) + 1;
  }
  for (let row = 0; row < rows; row++) offsets[row + 1] = (offsets[row + 1] ?? 0) + (offsets[row] ?? 0);
  const next = offsets.slice(0, rows);
  const sorted = new Uint32Array(pairs.length / 2);
  for (let at = 0; at < pairs.length; at += 2) {
    const row = pairs[at + 1] ?? 0;
    const place = next[row] ?? 0;
    sorted[place] = pairs[at] ?? 0;
    next[row] = place + 1;
  }
  return { users: rows, items: columns, offsets, columns: sorted };
}

function withoutRepeats({ users, items, offsets, columns }: Saves): Saves {
  const kept = new Uint32Array(columns.length);
  const starts = new Uint32Array(users + 1);
  let end = 0;
  for (let user = 0; user < users; user++) {
    for (let at = offsets[user] ?? 0; at < (offsets[user + 1] ?? 0); at++) {
      const item = columns[at] ?? 0;
      if (end > (starts[user] ?? 0) && kept[end - 1] === item) continue;
      kept[end++] = item;
    }
    starts[user + 1] = end;
  }
  return { users, items, offsets: starts, columns: kept.slice(0, end) };
}
