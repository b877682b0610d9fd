import type { ScoredCandidate } from "./candidate.ts";

/** Share of the capped places of a page. */
export const capShares = { category: 0.3, creator: 0.2 } as const;

export interface Caps {
  admits(scored: ScoredCandidate): boolean;
  count(scored: ScoredCandidate): void;
}

/** How many of one category and one creator the capped places of this page take. */
export function openCaps({
  size,
  position,
  uncappedPlaces,
}: {
  size: number;
  position: number;
  uncappedPlaces: number;
}): Caps {
  const capped = size - Math.max(0, Math.min(size, uncappedPlaces - position));
  const most = {
    category: Math.max(1, Math.floor(capped * capShares.category)),
    creator: Math.max(1, Math.floor(capped * capShares.creator)),
  };
  const categories = new Map<string, number>();
  const creators = new Map<string, number>();
  return {
    admits: ({ candidate: { pin } }) =>
      (pin.category === null || (categories.get(pin.category) ?? 0) < most.category) &&
      (creators.get(pin.userId) ?? 0) < most.creator,
    count: ({ candidate: { pin } }) => {
      if (pin.category !== null) categories.set(pin.category, (categories.get(pin.category) ?? 0) + 1);
      creators.set(pin.userId, (creators.get(pin.userId) ?? 0) + 1);
    },
  };
}
