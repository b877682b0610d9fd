/** Saves of users who like one of a few themes, the kernels' module, and plain linear algebra to compare with. */
import { readFileSync } from "node:fs";
import { dot, normalise, quantise } from "@vitrine/vectors";
import type { Pictures } from "../pictures.ts";
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

export interface DrawnLooks {
  users: number;
  items: number;
  perUser: number;
  /** Kinds of pictures. */
  kinds: number;
  /** How much likeness decides what is saved: the logarithm of how much more often a twin is than what has nothing alike. */
  byLooks: number;
}

/** Pictures of a few kinds, and users who save what looks like a picture that they have in mind. */
export function drawnLooks(
  { users, items, perUser, kinds, byLooks }: DrawnLooks,
  next: () => number,
): { saves: Saves; pictures: Pictures } {
  const dimensions = 16;
  const around = (centre: Float32Array | undefined, noise: number) =>
    normalise(Float32Array.from({ length: dimensions }, (_, k) => (centre?.[k] ?? 0) + noise * (next() - 0.5)));
  const centres = Array.from({ length: kinds }, () => around(undefined, 1));
  const looks = Array.from({ length: items }, (_, item) => around(centres[item % kinds], 1.2));
  const lists = Array.from({ length: users }, () => {
    const mind = around(looks[Math.floor(next() * items)], 0.4);
    const sums: number[] = [];
    for (const look of looks) sums.push((sums.at(-1) ?? 0) + Math.exp(byLooks * dot(mind, look)));
    return Array.from({ length: perUser }, () => {
      const drawn = next() * (sums.at(-1) ?? 0);
      return sums.findIndex((sum) => sum > drawn);
    });
  });
  return { saves: savesOf(lists, items), pictures: picturesOf(looks) };
}

export function picturesOf(looks: readonly Float32Array[]): Pictures {
  return {
    dimensions: looks[0]?.length ?? 0,
    embeddings: Uint8Array.from(looks.flatMap((look) => [...quantise(look)])),
  };
}

/** Every picture at another item: what is saved together stays, and no longer goes by looks. */
export function exchanged({ dimensions, embeddings }: Pictures, next: () => number): Pictures {
  const items = embeddings.length / dimensions;
  const order = Array.from({ length: items }, () => next());
  const places = Array.from(order.keys()).sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0));
  const rows = places.map((place) => embeddings.subarray(place * dimensions, (place + 1) * dimensions));
  return { dimensions, embeddings: Uint8Array.from(rows.flatMap((row) => [...row])) };
}
