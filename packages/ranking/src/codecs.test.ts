import { quantise, seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { decodeFragment, encodeFragment } from "./candidate.ts";
import { decodeCodebook, encodeCodebook, interestCountFor } from "./codebook.ts";
import { drawCandidates, near } from "./drawn-candidates.ts";

const random = seededSequence(1);

test("a fragment comes back with its cards, and embeddings as int8 keeps them", () => {
  const fragment = { builtAt: 5, candidates: drawCandidates(3, () => ({ category: "häte ☂" })) };
  const back = decodeFragment(encodeFragment(fragment));
  expect(back.candidates.map(({ pin }) => pin)).toEqual(fragment.candidates.map(({ pin }) => pin));
  for (const [i, { embedding }] of back.candidates.entries()) {
    expect(quantise(embedding)).toEqual(quantise(fragment.candidates[i]?.embedding ?? []));
  }
  expect(encodeFragment(back)).toBe(encodeFragment(fragment));
});

test("a codebook comes back as it was", () => {
  const codebook = { version: "v1", pinCount: 99, centroids: [near(1, 0.5, random), near(2, 0.5, random)] };
  expect(decodeCodebook(encodeCodebook(codebook))).toEqual(codebook);
});

test("the number of interests grows with the root of the catalogue, between 8 and 256", () => {
  expect([10, 3_068, 20_000, 1_000_000].map(interestCountFor)).toEqual([8, 39, 100, 256]);
});
