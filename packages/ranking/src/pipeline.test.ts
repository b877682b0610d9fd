import type { FeedSettings, PinId } from "@vitrine/contracts";
import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import type { ScoredCandidate } from "./candidate.ts";
import { contextOf, drawCandidates, drawnNow, fragmentOf, near } from "./drawn-candidates.ts";
import { hashOfId } from "./pin-hashes.ts";
import { composePage, feedPipeline, planFragments } from "./pipeline.ts";

const random = seededSequence(11);
const compose = (candidates: ReturnType<typeof drawCandidates>, context: Parameters<typeof contextOf>[0], size = 10) =>
  composePage(feedPipeline, [fragmentOf(candidates)], { context: contextOf(context), size });

test("what was shown, is known, is withheld or is one's own is filtered out", () => {
  const candidates = drawCandidates(9);
  const [shown, known, recent, gone, onSecret, ofBlocked, own, ...free] = candidates.map(({ pin }) => pin);
  if (!shown || !known || !recent || !gone || !onSecret || !ofBlocked || !own) throw new Error("nine were drawn");
  const { page, admitted } = compose(candidates, {
    userId: own.userId,
    exclusions: {
      shown: new Set([hashOfId(shown.id)]),
      known: new Set([hashOfId(known.id)]),
      recent: new Set([recent.id]),
      withheld: new Set([gone.id, onSecret.boardId, ofBlocked.userId]),
    },
  });
  expect(new Set(page.map(({ candidate }) => candidate.pin.id))).toEqual(new Set(free.map(({ id }) => id)));
  expect(admitted).toBe(2);
});

test("what is like the taste comes first, and of two tastes the stronger", () => {
  const candidates = drawCandidates(30, (i) => ({ axis: i % 10 }));
  const attractions = [
    { embedding: near(3, 0, random), weight: 0.8 },
    { embedding: near(7, 0, random), weight: 0.2 },
  ];
  const { page } = compose(candidates, { taste: { attractions, latest: null, aversions: [] } }, 6);
  const axes = page.map(({ candidate: { embedding } }) => embedding.indexOf(Math.max(...embedding)));
  expect(axes[0]).toBe(3);
  expect(axes.toSorted()).toEqual([3, 3, 3, 7, 7, 7]);
});

test("what is like a hidden pin goes down", () => {
  const candidates = drawCandidates(20, (i) => ({ axis: i % 2 }));
  const aversions = [near(0, 0, random)];
  const { page } = compose(candidates, { taste: { attractions: [], latest: null, aversions } });
  expect(page.slice(0, 8).every(({ candidate }) => (candidate.embedding[1] ?? 0) > 0.5)).toBe(true);
});

test("other things being equal, the followed, the fresher, the more saved and the less seen come first", () => {
  const first = (better: object, views?: Map<PinId, number>) => {
    const [one, other] = drawCandidates(2, (i) => ({
      embedding: new Float32Array(0),
      createdAt: drawnNow - 7 * 24 * 3_600_000,
      ...(i === 1 ? better : {}),
    }));
    if (!one || !other) throw new Error("two were drawn");
    const fragments = [fragmentOf([one]), fragmentOf([other], "source" in better ? "followed" : "interest")];
    const context = contextOf(views ? { views: new Map([[one.pin.id, 1]]) } : {});
    return composePage(feedPipeline, fragments, { context, size: 2 }).page[0]?.candidate.pin.id === other.pin.id;
  };
  expect(first({ source: "followed" })).toBe(true);
  expect(first({ createdAt: drawnNow })).toBe(true);
  expect(first({ saves: 10 })).toBe(true);
  expect(first({}, new Map())).toBe(true);
});

test("an experiment's settings weigh scorers and crowding, and nothing else changes", () => {
  const candidates = drawCandidates(40, (i) => ({ axis: i < 20 ? 3 : 4 + (i % 20), saves: i }));
  const attractions = [{ embedding: near(3, 0, seededSequence(1)), weight: 1 }];
  const taste = { attractions, latest: null, aversions: [] };
  const page = (settings?: FeedSettings) =>
    compose(candidates, { taste, ...(settings ? { settings } : {}) }).page.map(({ candidate }) => candidate.pin.id);
  expect(page({})).toEqual(page());
  const alike = (ids: PinId[]) => ids.filter((id) => candidates.slice(0, 20).some(({ pin }) => pin.id === id)).length;
  expect(alike(page({ weights: { relevance: 0.5 }, crowdingWeight: 0 }))).toBe(10);
  expect(alike(page({ weights: { relevance: 0.5 }, crowdingWeight: 1 }))).toBeLessThan(6);
  const [trending, followed] = [fragmentOf(candidates, "trending"), fragmentOf(candidates.slice(0, 10), "followed")];
  const countFollowed = (weights: FeedSettings["weights"]) => {
    const context = contextOf({ settings: { weights, crowdingWeight: 0 } });
    const { page: chosen } = composePage(feedPipeline, [trending, followed], { context, size: 10 });
    return chosen.filter(({ reason }) => reason === "followed").length;
  };
  expect([countFollowed({}), countFollowed({ sourcePrior: 0 })]).toEqual([10, 0]);
  const bySaves = page({ weights: { relevance: 0, freshness: 0, popularity: 2 }, crowdingWeight: 0 });
  const last = candidates.slice(-10).toReversed();
  expect(bySaves).toEqual(last.map(({ pin }) => pin.id));
});

test("a page is planned of the open interests, trending, fresh and followed in turns", () => {
  const interests = Array.from({ length: 50 }, (_, index) => ({ index, weight: 0 }));
  const follows = drawCandidates(25).map(({ pin }) => pin.userId);
  const plan = planFragments(feedPipeline, contextOf({ interests, openInterests: 8, follows, page: 2 }));
  const idsOf = (source: string) => plan.filter((request) => request.source === source).map(({ id }) => id);
  expect(idsOf("interest")).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
  expect(idsOf("followed")).toEqual([...follows.slice(20), ...follows.slice(0, 5)]);
  expect([idsOf("trending"), idsOf("fresh")]).toEqual([[""], [""]]);
  const far = planFragments(feedPipeline, contextOf({ interests, openInterests: 50 }));
  expect(far.filter(({ source }) => source === "interest").map(({ id }) => id)[0]).toBe("18");
});

test("the same context and candidates make the same page", () => {
  const candidates = drawCandidates(300, (i) => ({ category: `c${i % 4}`, creator: i % 30, saves: i % 7 }));
  const attractions = [{ embedding: near(2, 0.5, seededSequence(1)), weight: 1 }];
  const once = compose(candidates, { taste: { attractions, latest: null, aversions: [] } }, 50).page;
  const again = compose(candidates.toReversed(), { taste: { attractions, latest: null, aversions: [] } }, 50).page;
  expect(again.map(({ candidate }) => candidate.pin.id)).toEqual(once.map(({ candidate }) => candidate.pin.id));
});

test("essential are the heaviest interests that make half of a taste, and all that are no interests", () => {
  const interests = [0.4, 0.3, 0.2, 0.1, 0].map((weight, index) => ({ index, weight }));
  const essential = (context: object) =>
    planFragments(feedPipeline, contextOf({ openInterests: 5, ...context }))
      .filter(({ need }) => need === "essential")
      .map(({ source, id }) => `${source}${id}`);
  expect(essential({ interests }).toSorted()).toEqual(["fresh", "interest0", "interest1", "trending"]);
  const withoutTaste = interests.map((interest) => ({ ...interest, weight: 0 }));
  expect(essential({ interests: withoutTaste })).toHaveLength(7);
});

test("one save after twenty others shows among the first places, and does not take them all", () => {
  const candidates = drawCandidates(200, (i) => ({ embedding: near(i < 100 ? 1 : 5, i < 100 ? 0.3 : 0.9, random) }));
  const attractions = Array.from({ length: 20 }, () => ({ embedding: near(1, 0.2, random), weight: 1 / 21 }));
  const latest = { embedding: near(5, 0.9, random), weight: 1 };
  const taste = { attractions: [...attractions, { ...latest, weight: 1 / 21 }], latest, aversions: [] };
  const isLatest = ({ candidate: { embedding } }: ScoredCandidate) => (embedding[5] ?? 0) > (embedding[1] ?? 0);
  const countLatest = (changes: object) =>
    compose(candidates, { taste: { ...taste, ...changes } }, 20).page.filter(isLatest).length;
  expect(countLatest({})).toBeGreaterThanOrEqual(3);
  expect(countLatest({})).toBeLessThanOrEqual(17);
  expect(countLatest({ latest: null })).toBeLessThan(countLatest({}) / 2);
});
