import { bestOf, countsOf, itemsOf, rankAmong, transposed } from "@vitrine/training";
import type { HeldOutData } from "./files.ts";
import type { FullFigures } from "./questions.ts";
import { type RankFigures, Tally } from "./tally.ts";

/** The floor: pins in order of how often they were saved, the same for all. From the file alone; nobody is asked. */
export function popularityFloor(
  { saves, heldOut, negativesOf }: HeldOutData,
  { sampledUsers, fullUsers }: { sampledUsers: readonly number[]; fullUsers: readonly number[] },
): { sampled: RankFigures; full: FullFigures } {
  const counts = countsOf(transposed(saves));
  const countOf = (item: number) => counts[item] ?? 0;
  const sampled = new Tally();
  for (const user of sampledUsers) {
    sampled.add(rankAmong(countOf(heldOut[user] ?? 0), Array.from(negativesOf(user), countOf)));
  }
  const full = new Tally();
  const shown = new Set<number>();
  const scores = new Float32Array(saves.items);
  for (const user of fullUsers) {
    scores.set(counts);
    for (const item of itemsOf(saves, user)) scores[item] = Number.NEGATIVE_INFINITY;
    full.add(rankAmong(countOf(heldOut[user] ?? 0), scores) - 1);
    for (const item of bestOf(scores, 10)) shown.add(item);
  }
  return { sampled: sampled.figures, full: { ...full.figures, coverageAt10: shown.size / saves.items } };
}
