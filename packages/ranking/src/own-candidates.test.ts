import { normalise, quantise, seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { type OwnCandidate, ownCandidateScorer, type RankingUser } from "./own-candidates.ts";
import { decodePinVector, encodePinVector } from "./pin-vector.ts";
import type { ServingModel } from "./serving-model.ts";

const random = seededSequence(3);
const direction = () => normalise(Float32Array.from({ length: 8 }, () => random() - 0.5));
const liked = direction();
const across = normalise(liked.map((value, d) => (d % 2 === 0 ? 1 : -1) * (liked[d ^ 1] ?? 0) + 0 * value));

const model: ServingModel = {
  version: "m0000000001",
  trainedAt: 1,
  dimensions: 8,
  userCount: 10,
  saveCount: 100,
  basis: {
    gramian: new Float32Array(8).fill(10),
    items: 80,
    regularisation: 0.02,
    regularisationExponent: 1,
    unobservedWeight: 0.007,
  },
  itemMean: new Float32Array(8),
  blend: [{ fromActions: 0, weights: [1, 0, 1, 0.1] }],
  interests: [],
};

const user: RankingUser = {
  collaborative: {
    model: model.version,
    vector: liked,
    actionCount: 5,
    neighbourScores: new Map([[7, 0.04]]),
    lastSaves: [],
  },
  taste: { attractions: [{ embedding: liked, weight: 1 }], latest: null, aversions: [] },
};

const pin = (facts: Partial<OwnCandidate>): OwnCandidate => ({
  item: -1,
  vector: null,
  embedding: new Uint8Array(0),
  saves: 5,
  ...facts,
});
const vectorOf = (values: Float32Array, norm = 1) => decodePinVector(encodePinVector(values.map((x) => x * norm)));

test("the model's word decides for pins that it knows: vectors, the walk and saves", () => {
  const score = ownCandidateScorer(user, model);
  const [near, far] = [pin({ item: 1, vector: vectorOf(liked) }), pin({ item: 2, vector: vectorOf(across) })];
  expect(score(near)).toBeGreaterThan(score(far));
  expect(score({ ...far, item: 7 })).toBeCloseTo(score(far) + 2, 4);
  expect(score({ ...far, saves: 500 })).toBeGreaterThan(score(far));
});

test("a pin newer than the model is placed by its likeness, on the scale of the others", () => {
  const score = ownCandidateScorer(user, model);
  const [twin, stranger] = [pin({ embedding: quantise(liked) }), pin({ embedding: quantise(across) })];
  expect(score(twin)).toBeGreaterThan(score(pin({})));
  expect(score(stranger)).toBeLessThan(score(pin({})));
  // √(10 / 80) is one deviation of this user's products: a vector eight times as far beats any likeness.
  expect(score(pin({ item: 1, vector: vectorOf(liked, 8) }))).toBeGreaterThan(score(twin));
  expect(score(twin) - score(pin({}))).toBeCloseTo(3, 1);
});

test("what a model learned of looks counts for pins that it knows and, as it expects, for those that it does not", () => {
  const learned = { fromActions: 0, weights: [1, 0, 1, 0.1, 0.5], scoreOfLikeness: 0.2 };
  const score = ownCandidateScorer(user, { ...model, blend: [learned] });
  const [known, unknown] = [pin({ item: 1, vector: vectorOf(across) }), pin({})];
  const embedding = quantise(liked);
  expect(score({ ...known, embedding }) - score(known)).toBeCloseTo(0.5 * 3, 1);
  expect(score({ ...known, embedding: quantise(across) })).toBe(score(known));
  expect(score({ ...unknown, embedding }) - score(unknown)).toBeCloseTo((0.5 + 0.2) * 3, 1);
});

test("a model that is not the user's, or knows nothing of the user, leaves it to likeness", () => {
  const before = { ...user, collaborative: user.collaborative && { ...user.collaborative, model: "m0000000000" } };
  const unknown = { ...user, collaborative: user.collaborative && { ...user.collaborative, actionCount: 0 } };
  for (const [who, of] of [
    [before, model],
    [unknown, model],
    [user, null],
  ] as const) {
    const score = ownCandidateScorer(who, of);
    expect(score(pin({ embedding: quantise(liked) }))).toBeGreaterThan(score(pin({ saves: 900 })));
    expect(score(pin({ item: 7 }))).toBe(score(pin({})));
  }
});

test("what is like a hidden pin goes down", () => {
  const hiding = { ...user, collaborative: null, taste: { ...user.taste, aversions: [liked] } };
  const twin = pin({ embedding: quantise(liked) });
  expect(ownCandidateScorer(hiding, null)(twin)).toBeLessThan(ownCandidateScorer(user, null)(twin) - 0.4);
});

test("without a user, saves decide, and no two counts are the same score", () => {
  const score = ownCandidateScorer(null, model);
  const scores = [0, 1, 2, 50_000, 50_001].map((saves) => score(pin({ saves, vector: vectorOf(liked), item: 3 })));
  expect(scores).toEqual([...new Set(scores)].toSorted((a, b) => a - b));
});
