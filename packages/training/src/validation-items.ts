/** Which save of each user is kept out of the first training. */
import { seededSequence } from "@vitrine/vectors";
import { itemsOf, type Saves } from "./saves.ts";
import type { TrainingSettings } from "./settings.ts";

/** One of each user's items, −1 where a user has too few. The same for the same seed. */
export function drawValidation(saves: Saves, { seed, minSavesToValidate }: TrainingSettings): Int32Array {
  const next = seededSequence(seed);
  return Int32Array.from({ length: saves.users }, (_, user) => {
    const own = itemsOf(saves, user);
    const drawn = own[Math.floor(next() * own.length)];
    return own.length < minSavesToValidate || drawn === undefined ? -1 : drawn;
  });
}

/** `count` items that a user has not saved, nor was to find, drawn evenly; fewer where there are not so many. */
export function drawNegatives(taken: ReadonlySet<number>, items: number, { count, next }: NegativeDraw): Uint32Array {
  const drawn = new Set<number>();
  const most = Math.min(count, items - taken.size);
  while (drawn.size < most) {
    const item = Math.min(items - 1, Math.floor(next() * items));
    if (!taken.has(item)) drawn.add(item);
  }
  return Uint32Array.from(drawn);
}

export interface NegativeDraw {
  count: number;
  next: () => number;
}
