import { quantise, seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { decodeCodebook, encodeCodebook, interestCountFor } from "./codebook.ts";
import { drawCandidates, near, placed } from "./drawn-candidates.ts";
import { decodeFragment, encodeFragment } from "./fragment-codec.ts";

const random = seededSequence(1);

const renditionsOf = (id: string) => ({ thumbnail: `${id}/t`, feed: `${id}/f`, detail: `${id}/d`, zoom: `${id}/z` });

test("a fragment comes back with its cards and numbers, and embeddings as int8 keeps them", () => {
  const candidates = drawCandidates(4, (i) => ({ category: i === 0 ? null : "häte ☂ 👒", saves: i * 1_000 })).map(
    (candidate, i) => {
      const seen = {
        ...candidate.pin,
        title: `「${i}」`,
        color: "#aabbcc",
        renditions: renditionsOf(candidate.pin.id),
      };
      const words = { ...candidate.pin, width: null, height: null, color: null };
      return i < 2
        ? { ...candidate, pin: seen }
        : {
            ...candidate,
            pin: words,
            ...placed(
              i,
              near(i, 0.5, random).map((x) => 3 * x),
            ),
          };
    },
  );
  const fragment = { builtAt: 1_790_000_000_000, model: "m2026", candidates };
  const bytes = encodeFragment(fragment);
  const back = decodeFragment(bytes, { renditionsOf });
  expect({ ...back, candidates: [] }).toEqual({ ...fragment, candidates: [] });
  for (const [i, { embedding, ...rest }] of back.candidates.entries()) {
    const { embedding: original, ...expected } = candidates[i] as (typeof candidates)[number];
    expect(rest).toEqual(expected);
    expect(quantise(embedding)).toEqual(quantise(original));
  }
  expect(encodeFragment(back)).toEqual(bytes);
  // A pin that outlives its fragment keeps no more in memory than its own numbers.
  for (const { taste } of back.candidates.slice(2)) expect(taste?.values.buffer.byteLength).toBe(32);
  const moved = new Uint8Array(bytes.length + 3);
  moved.set(bytes, 3);
  expect(decodeFragment(moved.subarray(3), { renditionsOf }).candidates).toEqual(back.candidates);
});

test("an empty fragment comes back, and one that is cut off is refused", () => {
  const empty = { builtAt: 5, model: "", candidates: [] };
  expect(decodeFragment(encodeFragment(empty), { renditionsOf })).toEqual(empty);
  const bytes = encodeFragment({ ...empty, candidates: drawCandidates(2) });
  for (const length of [30, bytes.length - 1]) {
    expect(() => decodeFragment(bytes.subarray(0, length), { renditionsOf })).toThrow("cut off");
  }
});

test("a codebook comes back as it was", () => {
  const codebook = { version: "v1", pinCount: 99, centroids: [near(1, 0.5, random), near(2, 0.5, random)] };
  expect(decodeCodebook(encodeCodebook(codebook))).toEqual(codebook);
});

test("the number of interests grows with the root of the catalogue, between 8 and 256", () => {
  expect([10, 3_068, 20_000, 1_000_000].map(interestCountFor)).toEqual([8, 39, 100, 256]);
});
