import { dot, seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { near } from "./drawn-candidates.ts";
import { nearestTasteInterests, tasteInterestCountFor } from "./taste-interests.ts";

test("the nearest interests are those of the highest dot products, nearest first", () => {
  const random = seededSequence(2);
  const centres = Array.from({ length: 50 }, (_, i) => near(i % 32, 1.5, random));
  const user = near(3, 1, random).map((x) => 7 * x);
  const sorted = centres.map((_, i) => i).toSorted((a, b) => dot(user, centres[b] ?? []) - dot(user, centres[a] ?? []));
  for (const count of [1, 7, 50, 60])
    expect(nearestTasteInterests(user, centres, count)).toEqual(sorted.slice(0, count));
});

test("the number of interests grows with the root of the users, between 16 and 512", () => {
  expect([3, 10_000, 37_501, 10_000_000].map(tasteInterestCountFor)).toEqual([16, 133, 258, 512]);
});
