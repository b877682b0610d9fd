/** Saves of users who like one of a few themes, the kernels' module, and plain linear algebra to compare with. */
import { readFileSync } from "node:fs";
import { type Saves, savesOf } from "../saves.ts";

export function kernelModule(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL("../../native/kernels.wasm", import.meta.url)));
}

export interface DrawnSaves {
  users: number;
  items: number;
  themes: number;
  /** Of each user; the first ten users have one, two, … instead. */
  perUser: number;
}

/** Nine of ten saves are of the user's theme. The first items of a theme are the popular ones. */
export function drawnSaves({ users, items, themes, perUser }: DrawnSaves, next: () => number): Saves {
  const perTheme = Math.floor(items / themes);
  const lists = Array.from({ length: users }, (_, user) =>
    Array.from({ length: user < 10 ? user + 1 : perUser }, () => {
      const theme = next() < 0.9 ? user % themes : Math.floor(next() * themes);
      return theme * perTheme + Math.floor(next() ** 2 * perTheme);
    }),
  );
  return savesOf(lists, items);
}

/** Solves A x = b by elimination with pivoting, in double precision. */
export function solved(A: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = A.map((row, i) => [...row, b[i] ?? 0]);
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    const tail = rows.slice(column).toSorted((x, y) => Math.abs(y[column] ?? 0) - Math.abs(x[column] ?? 0));
    rows.splice(column, tail.length, ...tail);
    const pivot = rows[column] ?? [];
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (let k = column; k <= n; k++) row[k] = (row[k] ?? 0) - factor * (pivot[k] ?? 0);
    }
  }
  return rows.map((row, i) => (row[n] ?? 0) / (row[i] ?? 1));
}
