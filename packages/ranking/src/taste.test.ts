import { type ActionType, type KeptAction, newPinId, newUserId } from "@vitrine/contracts";
import { dequantise, quantise, seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { drawnNow, near } from "./drawn-candidates.ts";
import { interestsOf, recencyWeight, type Taste, tasteOf } from "./taste.ts";
import { clustersOf, type UserEmbedding } from "./user-embedding.ts";

const random = seededSequence(3);
const user = newUserId("ada", { now: 1, random: 0.1 });
const minute = 60_000;
const pinOf = (i: number) => newPinId(user, { now: i, random: 0 });

const action = (axis: number, type: ActionType, minutesAgo: number, pin = axis): KeptAction => ({
  id: `${type}.${pin}.${minutesAgo}`,
  pinId: pinOf(pin),
  type,
  occurredAt: drawnNow - minutesAgo * minute,
  embedding: quantise(near(axis, 0, random)),
  taste: null,
});

const embeddingOf = (axes: readonly number[], through: number): UserEmbedding => ({
  clusters: axes.map((axis) => ({ embedding: near(axis, 0, random), weight: 1 / axes.length })),
  follows: [],
  blocked: [],
  knownPins: new Set(),
  owned: [],
  collaborative: null,
  through,
});

const weightOf = ({ attractions }: Taste, axis: number) =>
  attractions.filter(({ embedding }) => (embedding[axis] ?? 0) > 0.9).reduce((sum, { weight }) => sum + weight, 0);

test("one save turns up in the taste at once, beside the long memory", () => {
  const taste = tasteOf(embeddingOf([1, 2], drawnNow - 90 * minute), [action(5, "save", 0)], drawnNow);
  expect(weightOf(taste, 5)).toBeCloseTo(1 / 8);
  expect(weightOf(taste, 1)).toBeCloseTo(7 / 16);
  expect(taste.latest?.weight).toBe(1);
  expect(taste.latest?.embedding[5]).toBeCloseTo(1);
});

test("what the user embedding knows does not count again once its hour is over", () => {
  const embedding = embeddingOf([1], drawnNow - 5 * minute);
  const of = (minutesAgo: number) => weightOf(tasteOf(embedding, [action(5, "save", minutesAgo)], drawnNow), 5);
  expect(of(30)).toBeGreaterThan(0);
  expect(of(61)).toBe(0);
});

test("the last action fades within its session: a click is a third of a save, and an hour ends it", () => {
  const of = (type: ActionType, minutesAgo: number) =>
    tasteOf(null, [action(3, "view", 0), action(5, type, minutesAgo), action(6, "save", 50)], drawnNow).latest?.weight;
  expect(of("save", 0)).toBe(1);
  expect(of("save", 20)).toBeCloseTo(0.5);
  expect(of("click", 0)).toBeCloseTo(1 / 3);
  expect(tasteOf(null, [action(5, "save", 60)], drawnNow).latest).toBeNull();
});

test("what is like each other is drawn together, and what is alone stays where it is", () => {
  const noise = seededSequence(4);
  const likes = Array.from({ length: 10 }, (_, i) => ({
    ...action(1, "save", 1, 100 + i),
    embedding: quantise(near(1, 0.8, noise)),
  }));
  const { attractions, latest } = tasteOf(null, [action(9, "save", 0), ...likes], drawnNow);
  const meanOf = (vectors: Float32Array[]) =>
    vectors.reduce((sum, vector) => sum + (vector[1] ?? 0) / vectors.length, 0);
  const before = meanOf(likes.map(({ embedding }) => dequantise(embedding)));
  const after = meanOf(attractions.slice(1).map(({ embedding }) => embedding));
  expect(before).toBeLessThan(0.7);
  expect(after).toBeGreaterThan(0.8);
  expect(latest?.embedding[9]).toBeGreaterThan(0.95);
});

test("without a user embedding the last actions are all there is", () => {
  const taste = tasteOf(null, [action(5, "save", 600), action(6, "save", 6_000)], drawnNow);
  expect(weightOf(taste, 5) + weightOf(taste, 6)).toBeCloseTo(1);
});

test("actions weigh as the design says, a view nothing, and a hidden pin turns into an aversion", () => {
  const actions = [
    action(1, "save", 0),
    action(2, "click", 0),
    action(3, "view", 0),
    action(4, "hide", 0),
    action(4, "save", 1),
  ];
  const taste = tasteOf(null, actions, drawnNow);
  expect(weightOf(taste, 1) / weightOf(taste, 2)).toBeCloseTo(3);
  expect(weightOf(taste, 3)).toBe(0);
  expect(weightOf(taste, 4)).toBe(0);
  expect(taste.aversions).toHaveLength(1);
});

test("actions on pins without an embedding say nothing", () => {
  expect(tasteOf(null, [{ ...action(1, "save", 0), embedding: new Uint8Array(0) }], drawnNow).attractions).toEqual([]);
});

test("interests come in the order of their share, then of likeness, and every one of them comes", () => {
  const centroids = Array.from({ length: 12 }, (_, axis) => near(axis, 0, random));
  const taste = tasteOf(embeddingOf([3, 3, 3, 8], 0), [], drawnNow);
  const interests = interestsOf(taste, { version: "v", centroids, pinCount: 1 });
  expect(interests.slice(0, 2).map(({ index }) => index)).toEqual([3, expect.any(Number)]);
  expect(interests.findIndex(({ index }) => index === 8)).toBeLessThan(3);
  expect(new Set(interests.map(({ index }) => index)).size).toBe(12);
  expect(interests.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
});

test("clusters are told apart, weighted by their share and by recency, and the same each time", () => {
  const noise = seededSequence(9);
  const draw = (occurredAt: number) =>
    Array.from({ length: 40 }, (_, i) => ({
      embedding: quantise(near(i < 30 ? 1 : 7, 0.4, noise)),
      weight: 3,
      occurredAt: i < 30 ? drawnNow : occurredAt,
    }));
  const shareOfSeven = (owned: ReturnType<typeof draw>) =>
    clustersOf(owned, drawnNow)
      .filter(({ embedding }) => (embedding[7] ?? 0) > 0.5)
      .reduce((sum, { weight }) => sum + weight, 0);
  const owned = draw(drawnNow);
  expect(clustersOf(owned, drawnNow).length).toBeLessThanOrEqual(8);
  expect(clustersOf(owned, drawnNow).reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
  expect(shareOfSeven(owned)).toBeCloseTo(0.25);
  expect(shareOfSeven(draw(drawnNow - 14 * 24 * 60 * minute))).toBeCloseTo(1 / 7);
  expect(clustersOf(owned, drawnNow)).toEqual(clustersOf(owned, drawnNow));
  expect(clustersOf([], drawnNow)).toEqual([]);
});

test("recency halves in two weeks, and the future counts as now", () => {
  expect(recencyWeight(drawnNow - 14 * 24 * 60 * minute, drawnNow)).toBeCloseTo(0.5);
  expect(recencyWeight(drawnNow + minute, drawnNow)).toBe(1);
});
