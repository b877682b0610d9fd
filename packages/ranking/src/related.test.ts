import { normalise, seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { boosted, meanShares, relatedScore, sharesOf, spaced, type Visit } from "./related.ts";

const visit = (seed: string, pinId: string, weight: number, saves = 1): Visit<string> => ({
  seed,
  pinId,
  weight,
  boards: 1,
  saves,
});
const everySeed = () => 1;

test("a common pin counts for less than a rare one that was met as often", () => {
  const found = sharesOf([visit("a", "rare", 1, 3), visit("a", "common", 1, 3_000)]).get("a");
  expect(found?.get("rare")).toBeGreaterThan(5 * (found?.get("common") ?? 1));
  expect([...(found?.values() ?? [])].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
});

test("what two seeds lead to is above what one leads to twice as strongly", () => {
  const shares = sharesOf([visit("a", "both", 1), visit("b", "both", 1), visit("a", "one", 2), visit("b", "other", 2)]);
  const scores = boosted(shares, everySeed);
  expect(scores.get("both")).toBe(1);
  expect(scores.get("one")).toBeCloseTo(0.5);
});

test("a seed that weighs more decides", () => {
  const shares = sharesOf([visit("a", "x", 1), visit("b", "y", 1)]);
  const scores = boosted(shares, (seed) => (seed === "b" ? 3 : 1));
  expect(scores.get("y")).toBe(1);
  expect(scores.get("x")).toBeCloseTo(1 / 3);
});

test("two sources of a seed share its word; a seed of one source keeps it", () => {
  const mean = meanShares(sharesOf([visit("a", "x", 5)]), sharesOf([visit("a", "y", 1), visit("b", "z", 9)]));
  expect(mean.get("a")).toEqual(
    new Map([
      ["x", 0.5],
      ["y", 0.5],
    ]),
  );
  expect(mean.get("b")).toEqual(new Map([["z", 1]]));
});

test("one board's word is not above a twin's likeness, that of many is", () => {
  const of = (facts: object) =>
    relatedScore({ coSaved: 0, boards: 0, likeness: 0, contextLikeness: 0, ...facts }).score;
  expect(of({ coSaved: 1, boards: 1 })).toBeLessThan(of({ likeness: 1 }));
  expect(of({ coSaved: 1, boards: 30 })).toBeGreaterThan(of({ likeness: 1 }));
  expect(of({ likeness: 0.5, contextLikeness: 1 })).toBeGreaterThan(of({ likeness: 0.5 }));
});

const random = seededSequence(9);
const direction = () => normalise(Float32Array.from({ length: 16 }, () => random() - 0.5));
const near = (to: Float32Array, noise: number) => {
  const other = direction();
  return normalise(to.map((value, d) => value + noise * (other[d] ?? 0)));
};

test("a picture is there once, and the pin's own not at all", () => {
  const [origin, picture] = [direction(), direction()];
  const page = spaced(
    [
      { id: "copy of the pin", score: 1, embedding: origin },
      { id: "first", score: 0.8, embedding: picture },
      { id: "copy", score: 0.7, embedding: picture },
      { id: "words", score: 0.1, embedding: new Float32Array(0) },
      { id: "more words", score: 0.05, embedding: new Float32Array(0) },
    ],
    { origin, size: 10 },
  );
  expect(page.map(({ id }) => id)).toEqual(["first", "words", "more words"]);
});

test("what looks like the pin just before gives way to what does not", () => {
  const picture = direction();
  const candidates = [
    { id: "first", score: 1, embedding: picture },
    { id: "alike", score: 0.9, embedding: near(picture, 0.1) },
    { id: "other", score: 0.85, embedding: direction() },
  ];
  const page = spaced(candidates, { origin: new Float32Array(0), size: 2 });
  expect(page.map(({ id }) => id)).toEqual(["first", "other"]);
});
