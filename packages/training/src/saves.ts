/** Who saved what, as compressed sparse rows: both directions of one relation, without weights. */

export interface Saves {
  /** Rows (users) and columns (items). */
  readonly users: number;
  readonly items: number;
  /** `users + 1` places in `columns`. */
  readonly offsets: Uint32Array;
  /** Items of user 0, then of user 1, …; ascending within a row, each once. */
  readonly columns: Uint32Array;
}

/** From lists of item indices; repeated items of a user count once. */
export function savesOf(lists: readonly ArrayLike<number>[], items: number): Saves {
  const rows = lists.map((list) => Uint32Array.from(new Set(Array.from(list))).sort());
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, user) => {
    offsets[user + 1] = (offsets[user] ?? 0) + row.length;
  });
  const columns = new Uint32Array(offsets[rows.length] ?? 0);
  rows.forEach((row, user) => {
    const last = row.at(-1);
    if (last !== undefined && last >= items)
      throw new RangeError(`Item ${last} of user ${user} is not below ${items}.`);
    columns.set(row, offsets[user]);
  });
  return { users: rows.length, items, offsets, columns };
}

export function itemsOf({ offsets, columns }: Saves, user: number): Uint32Array {
  return columns.subarray(offsets[user] ?? 0, offsets[user + 1] ?? 0);
}

/** The same saves by item: its rows are items, its columns users, ascending. */
export function transposed({ users, items, offsets, columns }: Saves): Saves {
  const turned = new Uint32Array(items + 1);
  for (const item of columns) turned[item + 1] = (turned[item + 1] ?? 0) + 1;
  for (let item = 0; item < items; item++) turned[item + 1] = (turned[item + 1] ?? 0) + (turned[item] ?? 0);
  const next = turned.slice(0, items);
  const rows = new Uint32Array(columns.length);
  for (let user = 0; user < users; user++) {
    for (let at = offsets[user] ?? 0; at < (offsets[user + 1] ?? 0); at++) {
      const item = columns[at] ?? 0;
      const place = next[item] ?? 0;
      rows[place] = user;
      next[item] = place + 1;
    }
  }
  return { users: items, items: users, offsets: turned, columns: rows };
}

/** How many saves each row has. */
export function countsOf({ users, offsets }: Saves): Uint32Array {
  return Uint32Array.from({ length: users }, (_, row) => (offsets[row + 1] ?? 0) - (offsets[row] ?? 0));
}

/** Without one item a user; a negative or absent entry takes nothing out. */
export function without(saves: Saves, heldOut: ArrayLike<number>): Saves {
  const offsets = new Uint32Array(saves.users + 1);
  const columns = new Uint32Array(saves.columns.length);
  let end = 0;
  for (let user = 0; user < saves.users; user++) {
    for (const item of itemsOf(saves, user)) if (item !== heldOut[user]) columns[end++] = item;
    offsets[user + 1] = end;
  }
  return { ...saves, offsets, columns: columns.slice(0, end) };
}
