import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import type { Candidate, ScoredCandidate } from "./candidate.ts";
import { drawCandidates, drawnNow, near, placed } from "./drawn-candidates.ts";
import { type Selection, selectDiverse, uncappedPlaces } from "./selector.ts";

const scored = (candidates: readonly Candidate[], scoreOf: (i: number) => number): ScoredCandidate[] =>
  candidates.map((candidate, i) => ({
    candidate,
    reason: "interest",
    because: null,
    worth: 0,
    strength: 0,
    isFresh: false,
    isExplored: false,
    score: scoreOf(i),
  }));

const select = (candidates: readonly ScoredCandidate[], selection: Partial<Selection>) =>
  selectDiverse(candidates, { size: 25, position: 0, seed: 1, now: drawnNow, spacedFrom: 0, ...selection });

const mostFrequent = (values: readonly (string | null)[]) =>
  Math.max(...[...Map.groupBy(values, (value) => value).values()].map((group) => group.length));

const categories = ["shoes", "hats", "lamps", "cars", "cakes"];
/** Shoes by one creator score far above everything else. */
const lopsided = scored(
  drawCandidates(400, (i) =>
    i < 200 ? { category: "shoes", creator: 0 } : { category: categories[i % 5] as string, creator: 1 + (i % 20) },
  ),
  (i) => (i < 200 ? 2 : 1) - i / 1_000,
);

test("the first twenty places are the best, whatever they are of", () => {
  const page = select(lopsided, {});
  expect(page.slice(0, uncappedPlaces).every(({ candidate: { pin } }) => pin.category === "shoes")).toBe(true);
});

test("after the first twenty at most 30 % are of one category and 20 % of one creator", () => {
  for (const [position, size] of [
    [0, 100],
    [0, 30],
    [20, 25],
    [13, 50],
    [300, 10],
  ] as const) {
    const page = select(lopsided, { size, position, seed: 1 });
    const capped = page.slice(Math.max(0, uncappedPlaces - position));
    expect(page).toHaveLength(size);
    expect(mostFrequent(capped.map(({ candidate }) => candidate.pin.category))).toBeLessThanOrEqual(
      Math.floor(capped.length * 0.3),
    );
    expect(mostFrequent(capped.map(({ candidate }) => candidate.pin.userId))).toBeLessThanOrEqual(
      Math.floor(capped.length * 0.2),
    );
  }
});

test("where there is nothing else, the caps give way and the page is full", () => {
  const onlyShoes = lopsided.slice(0, 100);
  expect(select(onlyShoes, { size: 50, position: 20, seed: 1 })).toHaveLength(50);
});

test("pins without a category are not capped as one", () => {
  const page = select(
    scored(drawCandidates(60), () => 1),
    { size: 40, position: 20, seed: 1 },
  );
  expect(page).toHaveLength(40);
});

test("the same picture under two pins stands once on a page", () => {
  const [one, other] = drawCandidates(2);
  if (!one || !other) throw new Error("two were drawn");
  const twins = scored([one, { ...other, embedding: one.embedding.slice() }], (i) => 1 - i / 10);
  expect(select(twins, { size: 5 })).toHaveLength(1);
  expect(select(twins, { size: 5, spacedFrom: 20 })).toHaveLength(1);
});

test("pictures that are much alike do not stand side by side when others are nearly as good", () => {
  const random = seededSequence(5);
  const pool = scored(
    drawCandidates(40, (i) => ({ embedding: near(i % 2, 0.02, random) })),
    (i) => (i % 2 === 0 ? 1 : 0.95),
  );
  const page = select(pool, { size: 10, position: 0, seed: 1 });
  const axes = page.map(({ candidate: { embedding } }) => embedding.indexOf(Math.max(...embedding)));
  expect(new Set(axes.slice(0, 2)).size).toBe(2);
  expect(axes.filter((axis) => axis === 1).length).toBeGreaterThanOrEqual(3);
});

test("the order of candidates does not matter, and equal scores are settled by the seed", () => {
  const equal = scored(
    drawCandidates(100, () => ({ embedding: new Float32Array(0) })),
    () => 1,
  );
  const idsOf = (candidates: ScoredCandidate[], seed: number) =>
    select(candidates, { size: 30, position: 0, seed }).map(({ candidate }) => candidate.pin.id);
  expect(idsOf(equal.toReversed(), 1)).toEqual(idsOf(equal, 1));
  expect(idsOf(equal, 2)).not.toEqual(idsOf(equal, 1));
});

test("up to the place where spacing begins the order is the scores' alone", () => {
  const random = seededSequence(8);
  const alike = scored(
    drawCandidates(60, (i) => (i % 2 === 0 ? placed(i, near(1, 0.01, random)) : placed(i, near(7, 0.9, random)))),
    (i) => (i % 2 === 0 ? 1 : 0.95) - i / 10_000,
  );
  const best = alike.toSorted((a, b) => b.score - a.score).map(({ candidate }) => candidate.item);
  const itemsOf = (spacedFrom: number | undefined) =>
    select(alike, { size: 30, spacedFrom }).map(({ candidate }) => candidate.item);
  expect(itemsOf(undefined).slice(0, 20)).toEqual(best.slice(0, 20));
  expect(itemsOf(undefined)).not.toEqual(best.slice(0, 30));
  expect(itemsOf(0).slice(0, 20)).not.toEqual(best.slice(0, 20));
});

test("after the first twenty a tenth is kept for new pins, and a twentieth for exploring, however low they score", () => {
  const hour = 3_600_000;
  const pool = scored(
    drawCandidates(400, (i) => ({ createdAt: drawnNow - (i < 360 ? 100 * hour : hour) })),
    (i) => 1 - i / 1_000,
  );
  const fresh = pool.slice(300).map((one) => ({ ...one, isFresh: true, reason: "fresh" as const }));
  const explored = drawCandidates(410).slice(400);
  const isolated = scored(explored, () => 0.01).map((one) => ({
    ...one,
    isExplored: true,
    reason: "explore" as const,
  }));
  const page = select([...pool.slice(0, 300), ...fresh, ...isolated], { size: 60 });
  const placesOf = (reason: string) => page.flatMap((one, place) => (one.reason === reason ? [place] : []));
  expect(placesOf("fresh")).toEqual([24, 34, 44, 54]);
  expect(placesOf("explore")).toEqual([29, 49]);
  const freshAt = (freshShare: number) =>
    select([...pool.slice(0, 300), ...fresh], { size: 60, freshShare }).flatMap(({ reason }, place) =>
      reason === "fresh" ? [place] : [],
    );
  expect(freshAt(0.2)).toEqual([24, 29, 34, 39, 44, 49, 54, 59]);
  expect(freshAt(0)).toEqual([]);
  expect(
    page.filter(({ reason, candidate }) => reason === "fresh" && candidate.createdAt < drawnNow - 48 * hour),
  ).toEqual([]);
  const saved = fresh.map((one) => ({ ...one, candidate: { ...one.candidate, saves: 10 } }));
  expect(select([...pool.slice(0, 300), ...saved], { size: 60 }).filter(({ reason }) => reason === "fresh")).toEqual(
    [],
  );
});
