/** The regions that feeds, fragments and trending are kept apart for: Durable Object location hints. */
export const regions = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;

export type Region = (typeof regions)[number];

export function isRegion(value: unknown): value is Region {
  return regions.includes(value as Region);
}
