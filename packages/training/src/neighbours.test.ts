import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { Kernels } from "./kernels.ts";
import { cosine, NeighbourSearch, type NeighbourSettings, neighbourWeight, rp3beta } from "./neighbours.ts";
import { countsOf, itemsOf, type Saves, transposed } from "./saves.ts";
import { drawnSaves, kernelModule } from "./testing/drawn-saves.ts";

const byUser = drawnSaves({ users: 200, items: 60, themes: 5, perUser: 9 }, seededSequence(8));
const byItem = transposed(byUser);

test.each([
  ["RP3beta", rp3beta],
  ["cosine", cosine],
] as const)("%s finds the same neighbours as counting every pair", (_, exponents) => {
  for (const keep of [5, 59]) {
    const { counts, items, ...found } = search({ ...exponents, keep });
    for (let item = 0; item < 60; item++) {
      const expected = naive(item, exponents).slice(0, keep);
      expect(counts[item]).toBe(expected.length);
      expected.forEach(({ weight }, place) => {
        const got = items[item * keep + place] ?? -1;
        const exact = naive(item, exponents).find((each) => each.item === got)?.weight ?? 0;
        expect(exact, `place ${place} of item ${item}`).toBeCloseTo(weight, 6);
        // Half a level of 255, squared: at most one part in 255 of the largest.
        const stored = neighbourWeight({ counts, items, ...found }, item, place);
        expect(Math.abs(stored - weight)).toBeLessThanOrEqual((expected[0]?.weight ?? 0) / 255);
      });
    }
  }
});

test("no item is its own neighbour", () => {
  const { counts, items, keep } = search({ ...cosine, keep: 59 });
  counts.forEach((count, item) => {
    expect(items.subarray(item * keep, item * keep + count)).not.toContain(item);
  });
});

test("slices find what one search finds", () => {
  expect(search({ ...rp3beta, keep: 7 }, 11)).toEqual(search({ ...rp3beta, keep: 7 }));
});

function search(settings: NeighbourSettings, slice = 1_000) {
  const kernels = new Kernels(kernelModule());
  const placed = (saves: Saves) => ({ offsets: kernels.place(saves.offsets), columns: kernels.place(saves.columns) });
  const run = new NeighbourSearch(
    kernels,
    { byUser, byItem, placed: { byUser: placed(byUser), byItem: placed(byItem) } },
    settings,
  );
  for (let item = 0; item < 60; item += slice) run.find(item, item + slice);
  return run.neighbours;
}

function naive(item: number, exponents: Omit<NeighbourSettings, "keep">) {
  const popular = countsOf(byItem);
  const sums = new Map<number, number>();
  for (const user of itemsOf(byItem, item)) {
    const own = itemsOf(byUser, user);
    for (const other of own) {
      if (other !== item) sums.set(other, (sums.get(other) ?? 0) + own.length ** -exponents.userExponent);
    }
  }
  return [...sums]
    .map(([other, sum]) => ({
      item: other,
      weight:
        sum * (popular[item] ?? 0) ** -exponents.sourceExponent * (popular[other] ?? 0) ** -exponents.targetExponent,
    }))
    .toSorted((a, b) => b.weight - a.weight || a.item - b.item);
}
