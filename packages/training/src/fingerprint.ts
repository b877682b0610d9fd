import type { TrainingSettings } from "./settings.ts";
import type { Lessons } from "./training.ts";

/**
 * What a checkpoint belongs to: settings, and FNV-1a (32 bits) over saves and pictures. Guards against mistakes, not
 * malice.
 */
export function fingerprintOf({ saves, pictures }: Lessons, settings: TrainingSettings): string {
  const { users, items, offsets, columns } = saves;
  let hash = 0x811c9dc5;
  for (const values of [offsets, columns, pictures?.embeddings ?? []]) {
    for (const value of values) hash = Math.imul(hash ^ value, 0x01000193);
  }
  return `${users}/${items}/${columns.length}/${(hash >>> 0).toString(16)}/${JSON.stringify(settings)}`;
}
