import type { Saves } from "./saves.ts";
import type { TrainingSettings } from "./settings.ts";

/** What a checkpoint belongs to: settings, and FNV-1a (32 bits) over the saves. Guards against mistakes, not malice. */
export function fingerprintOf({ users, items, offsets, columns }: Saves, settings: TrainingSettings): string {
  let hash = 0x811c9dc5;
  for (const values of [offsets, columns]) for (const value of values) hash = Math.imul(hash ^ value, 0x01000193);
  return `${users}/${items}/${columns.length}/${(hash >>> 0).toString(16)}/${JSON.stringify(settings)}`;
}
