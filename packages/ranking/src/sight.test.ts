import { quantise, seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { near } from "./drawn-candidates.ts";
import { attractionsOf, likenessOf, sightOf } from "./sight.ts";

const random = seededSequence(6);
const [shoes, hats] = [near(1, 0, random), near(2, 0, random)];

test("a pin is as like as its nearest attraction, the strongest at full cosine and the weakest at 0.6 of it and more", () => {
  const bySight = sightOf([
    { embedding: shoes, weight: 0.6 },
    { embedding: hats, weight: 0.3 },
  ]);
  expect(bySight(shoes)).toBeCloseTo(1);
  expect(bySight(hats)).toBeCloseTo(0.6 + 0.4 / 2);
  expect(bySight(near(9, 0, random))).toBe(0);
  expect(bySight(hats.map((value) => -value))).toBe(0);
});

test("a pin without a picture, and any pin to who has seen none, is like nothing", () => {
  expect(sightOf([{ embedding: shoes, weight: 1 }])(new Float32Array(0))).toBe(0);
  expect(sightOf([])(shoes)).toBe(0);
});

test("likeness is 0 for chance and less, and 3 for a twin", () => {
  expect([-1, 0, 0.18, 0.59, 1].map(likenessOf)).toEqual([0, 0, 0, expect.closeTo(1.5), expect.closeTo(3)]);
});

test("who saved some of two kinds is attracted by both, more by the kind of more saves", () => {
  const owned = [1, 1, 1, 1, 1, 1, 2, 2, 2].map((axis) => {
    return { embedding: quantise(near(axis, 0.2, random)), weight: 1, occurredAt: 0 };
  });
  const bySight = sightOf(attractionsOf(owned, 0));
  expect(bySight(shoes)).toBeGreaterThan(0.9);
  expect(bySight(hats)).toBeGreaterThan(0.55);
  expect(bySight(near(5, 0, random))).toBeLessThan(0.2);
});
