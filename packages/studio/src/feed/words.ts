import type { FeedReason, PinCard, Region } from "@vitrine/contracts";

/** Under a picture. */
export const shortReason = {
  interest: "For you",
  trending: "Trending",
  fresh: "New",
  followed: "Followed",
} as const satisfies Record<FeedReason, string>;

/** Beside an opened picture: why it is there. */
export const longReason = {
  interest: "Here because it resembles what you saved.",
  trending: "Here because people in this region are looking at it.",
  fresh: "Here because it has just come in.",
  followed: "Here because you follow where it comes from.",
} as const satisfies Record<FeedReason, string>;

export const regionName = {
  wnam: "Western North America",
  enam: "Eastern North America",
  sam: "South America",
  weur: "Western Europe",
  eeur: "Eastern Europe",
  apac: "Asia-Pacific",
  oc: "Oceania",
  afr: "Africa",
  me: "Middle East",
} as const satisfies Record<Region, string>;

/** What a pin is called when it has no title. */
export function pinName(pin: PinCard): string {
  return pin.title || capitalised(pin.category) || "Untitled";
}

export function capitalised(word: string | null): string {
  return word ? word.charAt(0).toUpperCase() + word.slice(1) : "";
}
