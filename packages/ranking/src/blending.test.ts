import type { PinId } from "@vitrine/contracts";
import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { blendingOf, blendOf, blendStrength } from "./blending.ts";
import { contextOf, drawCandidates, fragmentOf, near, placed } from "./drawn-candidates.ts";
import { composePage, feedPipeline, planFragments } from "./pipeline.ts";
import { likenessOf, sightOf } from "./sight.ts";

const random = seededSequence(4);
const items = 60;
const vectors = Array.from({ length: items }, (_, i) => near(i % 8, 0.6, random));
const itemMean = new Float32Array(32).map((_, k) => vectors.reduce((sum, vector) => sum + (vector[k] ?? 0), 0) / items);
const gramian = new Float32Array(32).map((_, k) => vectors.reduce((sum, vector) => sum + (vector[k] ?? 0) ** 2, 0));
const model = {
  basis: { gramian, items, regularisation: 0.02, regularisationExponent: 1, unobservedWeight: 0.01 },
  itemMean,
  blend: [
    { fromActions: 0, weights: [1, 0, 0.5, 0] },
    { fromActions: 10, weights: [1, 0, 5, -0.1] },
  ],
};
const taste = {
  model: "m1",
  vector: near(3, 0.1, random),
  actionCount: 4,
  neighbourScores: new Map([[7, 0.2]]),
  lastSaves: [{ pinId: "pin_saved" as PinId, item: 1 }],
};
const candidates = drawCandidates(items, (i) => placed(i, vectors[i] ?? []));

test("a page is in the order of the blend, with the weights for so many actions", () => {
  for (const actionCount of [4, 12]) {
    const blending = blendingOf({ ...taste, actionCount }, model);
    const expected = candidates.toSorted((a, b) => blendOf(b, blending) - blendOf(a, blending)).map(({ item }) => item);
    const { page } = composePage(feedPipeline, [fragmentOf(candidates, "taste")], {
      context: contextOf({ blending }),
      size: 20,
    });
    expect(page.map(({ candidate }) => candidate.item)).toEqual(expected.slice(0, 20));
    expect(page[0]?.candidate.item === 7).toBe(actionCount === 12);
  }
});

test("trending counts for nothing among pins that the blend judges, and popularity is the blend's alone", () => {
  const blending = blendingOf(taste, model);
  const order = (fragments: Parameters<typeof composePage>[1]) =>
    composePage(feedPipeline, fragments, { context: contextOf({ blending }), size: 20 }).page.map(
      ({ candidate }) => candidate.item,
    );
  const byTaste = fragmentOf(candidates, "taste");
  expect(order([byTaste, fragmentOf(candidates.toReversed(), "trending")])).toEqual(order([byTaste]));
  const popular = candidates.map((one, i) => ({ ...one, saves: 37 * ((i * 7) % 60) }));
  expect(order([fragmentOf(popular, "taste")])).toEqual(order([byTaste]));
});

test("of what the model knows, looks say as much as was learned, in the order of the blend: nothing at 0", () => {
  const seen = candidates.map((one, i) => ({ ...one, embedding: near(i % 5, 0.4, random) }));
  const attractions = [
    { embedding: near(2, 0, random), weight: 0.7 },
    { embedding: near(4, 0, random), weight: 0.3 },
  ];
  const bySight = sightOf(attractions);
  const order = (weight: number, settings = {}) => {
    const blending = blendingOf(taste, { ...model, blend: [{ fromActions: 0, weights: [1, 0, 0.5, 0, weight] }] });
    const context = contextOf({ blending, settings, taste: { attractions, latest: null, aversions: [] } });
    const { page } = composePage(feedPipeline, [fragmentOf(seen, "taste")], { context, size: 20 });
    const worth = (one: (typeof seen)[number]) => blendOf(one, blending, likenessOf(bySight(one.embedding)));
    const expected = seen.toSorted((a, b) => worth(b) - worth(a)).map(({ item }) => item);
    return { items: page.map(({ candidate }) => candidate.item), expected: expected.slice(0, 20) };
  };
  for (const weight of [0, 0.4, 3]) expect(order(weight).items).toEqual(order(weight).expected);
  expect(order(3).items).not.toEqual(order(0).items);
  expect(order(3, { weights: { likeness: 0 } }).items).toEqual(order(0).items);
});

test("a pin that the model does not know is judged by sight", () => {
  const blending = blendingOf(taste, model);
  const [alike, other] = drawCandidates(2, (i) => ({ axis: i === 0 ? 5 : 9 }));
  if (!alike || !other) throw new Error("two were drawn");
  const attractions = [{ embedding: near(5, 0, random), weight: 1 }];
  const context = contextOf({ blending, taste: { attractions, latest: null, aversions: [] } });
  const { page } = composePage(feedPipeline, [fragmentOf([other, alike])], { context, size: 2 });
  expect(page.map(({ candidate }) => candidate)).toEqual([alike, other]);
});

test("what has had its share of the region's pages comes last", () => {
  const blending = blendingOf(taste, model);
  const compose = (overexposed: Set<PinId>) =>
    composePage(feedPipeline, [fragmentOf(candidates, "taste")], {
      context: contextOf({ blending, overexposed }),
      size: items,
    }).page;
  const [best] = compose(new Set());
  if (!best) throw new Error("the page has a first");
  expect(compose(new Set([best.candidate.pin.id])).at(-1)?.candidate).toBe(best.candidate);
});

test("strength keeps the order of scores and is about 1 for the best", () => {
  const scores = [-4, -0.5, 0, 0.2, 3, 9, 50];
  const strengths = scores.map(blendStrength);
  expect(strengths).toEqual(strengths.toSorted((a, b) => a - b));
  expect(strengths.slice(4)).toEqual([0.5, 0.75, 50 / 53]);
});

test("a page of a known user is planned of the taste with some to stand in, last saves, sight, and something else", () => {
  const blending = blendingOf(taste, model);
  const tasteInterests = Array.from({ length: 40 }, (_, i) => i + 100);
  const interests = Array.from({ length: 9 }, (_, index) => ({ index, weight: 0.1 }));
  const lastSaves = [1, 2, 3].map((item) => ({ pinId: `pin_${item}` as PinId, item }));
  const attractions = [{ embedding: near(5, 0, random), weight: 1 }];
  const context = contextOf({
    blending,
    tasteInterests,
    tasteInterestCount: 200,
    interests,
    lastSaves,
    openInterests: 4,
    taste: { attractions, latest: null, aversions: [] },
  });
  const plan = planFragments(feedPipeline, context);
  const of = (source: string) => plan.filter((request) => request.source === source);
  expect(of("taste").map(({ id, need }) => `${id} ${need}`)).toEqual([
    ...["100 essential", "101 essential", "102 welcome", "103 welcome"],
    ...["104", "105", "106", "107", "108", "109"].map((id) => `${id} spare`),
  ]);
  expect(of("neighbours").map(({ id }) => id)).toEqual(["pin_1", "pin_2"]);
  expect(of("interest")).toHaveLength(2);
  const explored = Array.from({ length: 50 }, (_, page) =>
    Number(planFragments(feedPipeline, { ...context, page }).find(({ source }) => source === "explore")?.id),
  );
  expect(explored.filter((index) => index >= 100 && index < 140)).toEqual([]);
  expect(new Set(explored).size).toBeGreaterThan(10);
  const blind = planFragments(feedPipeline, { ...context, taste: { attractions: [], latest: null, aversions: [] } });
  expect(blind.filter(({ source }) => source === "interest")).toEqual([]);
});
