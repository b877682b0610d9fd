import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { Refusal } from "../refusal.ts";
import { mutantOf } from "./mutants.ts";
import type { FuzzFile } from "./send.ts";

interface Found {
  path: string;
  /** From the folder that was named, its own name first. */
  name: string;
}

/** Every file below the folders, sorted by name. Throws a Refusal when a folder cannot be read or nothing is in any. */
export function findFiles(folders: readonly string[]): Found[] {
  const found = folders.flatMap((folder) => {
    try {
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => ({ path, name: join(basename(folder), relative(folder, path)) }));
    } catch {
      throw new Refusal(`The folder ${folder} cannot be read: name folders of pictures.`);
    }
  });
  if (found.length === 0) throw new Refusal("The folders are empty: name some with pictures in them.");
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The files as they are, then the broken copies: of each file in turn. Read when it is their turn. */
export function* fuzzFiles(found: readonly Found[], { mutants, seed }: { mutants: number; seed: string }) {
  for (const { path, name } of found) {
    yield { name, bytes: new Uint8Array(readFileSync(path)), isMutant: false } satisfies FuzzFile;
  }
  for (let number = 0; number < mutants; number++) {
    const { path, name } = found[number % found.length] ?? { path: "", name: "" };
    const { mutation, bytes } = mutantOf(readFileSync(path), { seed, number, name });
    yield { name: `${name}#${number} ${mutation}`, bytes, isMutant: true } satisfies FuzzFile;
  }
}
