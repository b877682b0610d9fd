import type { FeedReason, PinCard, Region } from "@vitrine/contracts";

/** Under a picture. */
export const shortReason = {
  taste: "For you",
  neighbours: "Saved together",
  interest: "For you",
  explore: "Something else",
  trending: "Trending",
  fresh: "New",
  followed: "Followed",
} as const satisfies Record<FeedReason, string>;

/** Beside an opened picture: why it is there. */
export const longReason = {
  taste: "Here because people of like taste saved it.",
  neighbours: "Here because it is saved together with what you saved.",
  interest: "Here because it resembles what you saved.",
  explore: "Here to learn whether you like it.",
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
