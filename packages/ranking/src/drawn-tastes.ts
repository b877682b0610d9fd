/** A model and actions drawn by code, for tests. */
import { newPinId, newUserId } from "@vitrine/contracts";
import { seededSequence } from "@vitrine/vectors";
import type { TasteAction } from "./collaborative-taste.ts";
import type { ItemBasis } from "./fold-in.ts";

const dimensions = 24;
const creator = newUserId("creator", { now: 1, random: 0.5 });

export const drawnModel: { version: string; basis: ItemBasis } = {
  version: "m0000000001",
  basis: {
    gramian: Float32Array.from({ length: dimensions }, (_, k) => 40 - k),
    ...{ items: 900, regularisation: 0.02, regularisationExponent: 0.9, unobservedWeight: 0.01 },
  },
};

/** Saves of different pins, each with three neighbours of its own and one that all have. */
export function drawnActions(count: number, firstItem = 0): TasteAction[] {
  const random = seededSequence(firstItem + 1);
  return Array.from({ length: count }, (_, i) => {
    const item = firstItem + i;
    return {
      pinId: newPinId(creator, { now: item + 1, random: 0.5 }),
      item,
      vector: Float32Array.from({ length: dimensions }, () => random() - 0.3),
      weight: 1,
      neighbours: {
        items: Uint32Array.of(1_000 + item, 2_000 + item, 3_000 + item, 9_999),
        weights: Float32Array.of(0.9, 0.5, 0.2, 0.1),
      },
      isSave: true,
    };
  });
}
