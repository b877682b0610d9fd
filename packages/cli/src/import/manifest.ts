/**
 * What an import has done so far, a line a picture. It spares reading and sending again and decides nothing: a line
 * counts when the server still has its pin, and without the file the idempotency keys lead to the same pins.
 */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface ManifestEntry {
  /** What the picture was known by: path, size and time of a file. A changed file is another picture. */
  fingerprint: string;
  pinId?: string | undefined;
  /** Why the server will not have it, whenever it is sent. */
  refused?: string;
  /** On the line about the people: the first of them. */
  handle?: string | undefined;
}

export interface Manifest {
  find(fingerprint: string): ManifestEntry | undefined;
  /** On disk when it returns, so that a kill loses at most what was on its way. */
  add(entry: ManifestEntry): void;
}

/** `identity` is what tells this import from others: the server's address, the user, the folder. */
export function openManifest(folder: string, identity: readonly string[]): Manifest {
  const name = createHash("sha256").update(identity.join("\n")).digest("hex").slice(0, 16);
  const path = join(folder, `import-${name}.jsonl`);
  const entries = new Map(readEntries(path).map((entry) => [entry.fingerprint, entry]));
  mkdirSync(dirname(path), { recursive: true });
  return {
    find: (fingerprint) => entries.get(fingerprint),
    add(entry) {
      entries.set(entry.fingerprint, entry);
      // The break comes first as well: a line that a kill cut short must not swallow this one.
      appendFileSync(path, `\n${JSON.stringify(entry)}\n`);
    },
  };
}

/** A line that a kill cut short is left out. */
function readEntries(path: string): ManifestEntry[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        const entry = JSON.parse(line) as Partial<ManifestEntry>;
        return typeof entry.fingerprint === "string" ? [entry as ManifestEntry] : [];
      } catch {
        return [];
      }
    });
}
