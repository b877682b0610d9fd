import { newBoardId, newPinId, newUserId } from "@vitrine/contracts";
import { quantise, seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { type LongTermTaste, longTermTasteOf, maxKeptVectors, maxWalkItems } from "./collaborative-taste.ts";
import { near } from "./drawn-candidates.ts";
import { drawnActions, drawnModel } from "./drawn-tastes.ts";
import { maxKeptOwned, type UserEmbedding } from "./user-embedding.ts";
import { bytesOfUserEmbedding, decodeUserEmbedding, encodeUserEmbedding } from "./user-embedding-codec.ts";

const random = seededSequence(1);
const user = (handle: string) => newUserId(handle, { now: 1, random: random() });

const embeddingWith = (collaborative: LongTermTaste | null): UserEmbedding => ({
  through: 1_790_000_000_123,
  clusters: [
    { embedding: near(1, 0, random), weight: 0.75 },
    { embedding: near(2, 0, random), weight: 0.25 },
  ],
  follows: [user("ada"), newBoardId(user("ada"), { now: 2, random: 0.1 })],
  blocked: [user("bob")],
  knownPins: new Set([1, 2 ** 32 - 1]),
  owned: [
    { hash: 1, embedding: quantise(near(1, 0, random)), weight: 0.5 },
    { hash: 0, embedding: quantise(near(2, 0, random)), weight: 0.25 },
  ],
  collaborative,
});

/** With its lazy parts asked for. */
function read(bytes: Uint8Array<ArrayBuffer>) {
  const decoded = decodeUserEmbedding(bytes.buffer);
  if (!decoded) return null;
  const { through, clusters, follows, blocked, knownPins, owned, collaborative } = decoded;
  const plain = { through, clusters, follows, blocked, knownPins, owned };
  if (!collaborative) return { ...plain, collaborative };
  const { model, vector, actionCount, curvature, items, vectors, walk, walkTotal, lastSaves } = collaborative;
  const taste = { model, vector, actionCount, curvature, items, vectors, walk, walkTotal, lastSaves };
  return { ...plain, collaborative: taste };
}

test("a user embedding comes back as it was, with and without a place in a model", () => {
  const plain = embeddingWith(null);
  expect(read(encodeUserEmbedding(plain))).toEqual(plain);
  for (const count of [0, 5, maxKeptVectors + 1]) {
    const taste = longTermTasteOf(drawnActions(count), drawnModel);
    const back = read(encodeUserEmbedding(embeddingWith(taste)))?.collaborative;
    expect(back).toMatchObject({ ...taste, vectors: back?.vectors, walk: back?.walk, walkTotal: back?.walkTotal });
    expect(back?.vectors.length).toBe(count <= maxKeptVectors ? count : 0);
    for (const [i, { vector }] of (back?.vectors ?? []).entries()) {
      const before = taste.vectors[i]?.vector ?? new Float32Array(0);
      const step = Math.max(...before.map(Math.abs)) / 127;
      for (const [k, value] of vector.entries()) expect(Math.abs(value - (before[k] ?? 0))).toBeLessThan(step);
    }
    expect(back?.walkTotal).toBeCloseTo(taste.walkTotal, 4);
    expect([...(back?.walk.keys() ?? [])]).toEqual([...taste.walk.keys()]);
    const greatest = Math.max(0, ...taste.walk.values());
    for (const [item, share] of taste.walk) {
      expect(Math.abs((back?.walk.get(item) ?? 0) - share)).toBeLessThan(greatest / 0xffff);
    }
  }
});

test("at every limit an embedding is 61 KB", () => {
  const pin = (i: number) => newPinId(user("ada"), { now: i, random: 0.5 });
  const ids = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
  const taste: LongTermTaste = {
    ...longTermTasteOf([], drawnModel),
    ...{ vector: new Float32Array(128), curvature: new Float32Array(128), actionCount: 256 },
    items: new Uint32Array(256),
    vectors: ids(maxKeptVectors, () => ({ vector: new Float32Array(128), weight: 1 })),
    walk: new Map(ids(maxWalkItems, (i) => [i, 1 / maxWalkItems] as const)),
    lastSaves: ids(10, (item) => ({ item, pinId: pin(item) })),
  };
  const bytes = encodeUserEmbedding({
    through: 1,
    clusters: ids(8, () => ({ embedding: new Float32Array(128), weight: 1 / 8 })),
    follows: ids(200, () => user("ada")),
    blocked: ids(1_000, () => user("bob")),
    knownPins: new Set(ids(4_000, (i) => i)),
    owned: ids(maxKeptOwned, (hash) => ({ hash, embedding: new Uint8Array(128), weight: 1 })),
    collaborative: taste,
  });
  expect(Math.round(bytes.byteLength / 1_000)).toBe(61);
});

test("what a decoded embedding takes of memory is known, and the same as before it was encoded", () => {
  for (const taste of [null, longTermTasteOf(drawnActions(5), drawnModel)]) {
    const embedding = embeddingWith(taste);
    const decoded = decodeUserEmbedding(encodeUserEmbedding(embedding).buffer);
    expect(decoded && bytesOfUserEmbedding(decoded)).toBe(bytesOfUserEmbedding(embedding));
  }
});

test("whatever another version wrote, and garbage, is no embedding", () => {
  const bytes = encodeUserEmbedding(embeddingWith(longTermTasteOf(drawnActions(12), drawnModel)));
  expect(decodeUserEmbedding(bytes.buffer)).not.toBeNull();
  expect(decodeUserEmbedding(new ArrayBuffer(0))).toBeNull();
  const json = Uint8Array.from('{"version":1,"through":7,"clusters":[]}', (character) => character.charCodeAt(0));
  expect(decodeUserEmbedding(json.buffer)).toBeNull();
  for (let length = 0; length < bytes.length; length += 3) {
    expect(decodeUserEmbedding(bytes.slice(0, length).buffer)).toBeNull();
  }
  for (let round = 0; round < 3_000; round++) {
    const changed = bytes.slice();
    const at = round < 300 ? round % 76 : Math.floor(random() * bytes.length);
    changed[at] = (changed[at] ?? 0) ^ (1 + Math.floor(random() * 255));
    expect(decodeUserEmbedding(changed.buffer), `byte ${at}`).toBeNull();
    const garbage = Uint8Array.from({ length: 4 * Math.floor(random() * 60) }, () => random() * 256);
    // As a header that says the right thing of what is not there.
    garbage.set(bytes.subarray(0, Math.min(4, garbage.length)));
    expect(decodeUserEmbedding(garbage.buffer)).toBeNull();
  }
});
