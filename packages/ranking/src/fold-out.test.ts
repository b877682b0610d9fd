import { type ActionType, type KeptAction, newPinId, newUserId, type PinId, type Withdrawal } from "@vitrine/contracts";
import { quantise, seededSequence } from "@vitrine/vectors";
import { describe, expect, test } from "vitest";
import {
  collaborativeTasteOf,
  type LongTermTaste,
  longTermTasteOf,
  maxKeptVectors,
  type TasteAction,
} from "./collaborative-taste.ts";
import { near } from "./drawn-candidates.ts";
import { drawnActions, drawnModel } from "./drawn-tastes.ts";
import { foldIn } from "./fold-in.ts";
import { embeddingWithout, takenBackSince, tasteWithout } from "./fold-out.ts";
import { hashOfId } from "./pin-hashes.ts";
import { decodePinVector, encodePinVector, unpackPinVector } from "./pin-vector.ts";
import { type EmbeddableHistory, maxKeptOwned, type UserEmbedding, userEmbeddingOf } from "./user-embedding.ts";
import { decodeUserEmbedding, encodeUserEmbedding } from "./user-embedding-codec.ts";

const through = 1_790_000_000_000;
const creator = newUserId("creator", { now: 1, random: 0.5 });
const pinOf = (i: number) => newPinId(creator, { now: i + 1, random: 0.5 });
/** With vectors as models have them, in int8. */
const drawn = (count: number, firstItem = 0): TasteAction[] =>
  drawnActions(count, firstItem).map((action) => {
    const vector = unpackPinVector(decodePinVector(encodePinVector(action.vector)));
    return { ...action, vector };
  });
const nothing = { owned: [], actions: [], knownPins: [], follows: [], blocked: [] };

/** As it comes out of KV. */
function kept(actions: readonly TasteAction[]): LongTermTaste {
  const embedding = userEmbeddingOf(nothing, through, null);
  const bytes = encodeUserEmbedding({ ...embedding, collaborative: longTermTasteOf(actions, drawnModel) });
  const taste = decodeUserEmbedding(bytes.buffer)?.collaborative;
  if (!taste) throw new Error("it was encoded with a taste");
  return taste;
}

const feedsOf = (taste: LongTermTaste) =>
  collaborativeTasteOf(taste, { recent: [], hidden: new Set() }, drawnModel) ?? null;

function likeness(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, k) => sum + value * (y[k] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe("a taste without a pin", () => {
  // On both sides of ten, from which on the vector is folded in.
  test.each([2, 9, 10, 11, maxKeptVectors])("of %i is that of who never saved it", (count) => {
    const all = drawn(count);
    for (const taken of [[0], [count - 1], [0, 1]]) {
      const never = feedsOf(kept(all.filter((_, i) => !taken.includes(i))));
      const left = tasteWithout(
        kept(all),
        taken.flatMap((i) => all[i] ?? []),
        drawnModel,
      );
      const back = feedsOf(left);
      expect(back?.actionCount).toBe(never?.actionCount);
      expect(back?.lastSaves[0]).toEqual(never?.lastSaves[0]);
      for (const [k, value] of (never?.vector ?? []).entries()) expect(back?.vector[k]).toBeCloseTo(value, 5);
      expect(new Set(back?.neighbourScores.keys())).toEqual(new Set(never?.neighbourScores.keys()));
      for (const [item, share] of never?.neighbourScores ?? []) {
        expect(back?.neighbourScores.get(item)).toBeCloseTo(share, 3);
      }
    }
  });

  test("comes nearer to that of who never saved it by a step, where its vectors are not kept", () => {
    const all = drawn(maxKeptVectors + 20);
    const exact = foldIn(all.slice(3), drawnModel.basis, { most: 100 });
    const before = kept(all);
    const after = tasteWithout(before, all.slice(0, 3), drawnModel);
    expect(after.actionCount).toBe(all.length - 3);
    expect(1 - likeness(after.vector, exact)).toBeLessThan((1 - likeness(before.vector, exact)) / 2);
  });

  test("goes on from there: what is saved next is folded in as ever", () => {
    const [next, ...all] = drawn(12) as [TasteAction, ...TasteAction[]];
    const left = tasteWithout(kept(all), all.slice(0, 1), drawnModel);
    const taste = collaborativeTasteOf(left, { recent: [next], hidden: new Set() }, drawnModel);
    const never = feedsOf(kept([next, ...all.slice(1)]));
    for (const [k, value] of (never?.vector ?? []).entries()) expect(taste?.vector[k]).toBeCloseTo(value, 4);
  });

  test("is none when it was the only one", () => {
    const all = drawn(1);
    const left = tasteWithout(kept(all), all, drawnModel);
    expect(left.walk.size).toBe(0);
    expect(feedsOf(left)).toBeNull();
  });

  test("keeps what the user made, what it does not know, and what it cannot look up but for the last saves", () => {
    const all = drawn(5).map((action, i) => (i === 2 ? { ...action, weight: 5 / 3 } : action));
    const taste = kept(all);
    expect(tasteWithout(taste, [...drawn(3, 100), ...all.slice(2, 3)], drawnModel)).toBe(taste);
    const blind = tasteWithout(taste, [{ item: 1, vector: null, neighbours: null }], drawnModel);
    expect(blind.lastSaves.map(({ item }) => item)).toEqual([0, 2, 3, 4]);
    expect(blind.actionCount).toBe(4);
    expect(blind.walk).toEqual(taste.walk);
  });

  test("is the same however often a pin is taken back, and in whatever order", () => {
    const all = drawn(14);
    const random = seededSequence(5);
    for (let round = 0; round < 20; round++) {
      const taken = all.filter(() => random() < 0.3);
      const once = tasteWithout(kept(all), taken, drawnModel);
      const shuffled = taken.map((action) => ({ action, place: random() })).toSorted((a, b) => a.place - b.place);
      let turned = kept(all);
      for (const { action } of shuffled) {
        for (let times = 0; times < 2; times++) turned = tasteWithout(turned, [action], drawnModel);
      }
      expect(turned.items).toEqual(once.items);
      expect(turned.vector).toEqual(once.vector);
      for (const [item, share] of once.walk) expect(turned.walk.get(item)).toBeCloseTo(share, 4);
    }
  });
});

describe("an embedding without a pin", () => {
  const random = seededSequence(2);
  const ownedPins = (count: number): EmbeddableHistory["owned"] =>
    Array.from({ length: count }, (_, i) => ({
      ...{ pinId: pinOf(i), weight: 3, occurredAt: through - i * 86_400_000 },
      embedding: quantise(near(i % 5, 0.3, random)),
    }));
  const of = (owned: EmbeddableHistory["owned"]): UserEmbedding => {
    const embedding = userEmbeddingOf({ ...nothing, owned, knownPins: owned.map(({ pinId }) => pinId) }, through, null);
    const decoded = decodeUserEmbedding(encodeUserEmbedding(embedding).buffer);
    if (!decoded) throw new Error("it was encoded");
    return decoded;
  };
  const expectLike = (one: UserEmbedding, other: UserEmbedding) => {
    expect([...one.knownPins]).toEqual([...other.knownPins]);
    expect(one.clusters.length).toBe(other.clusters.length);
    for (const [i, { embedding, weight }] of one.clusters.entries()) {
      expect(weight).toBeCloseTo(other.clusters[i]?.weight ?? 0, 5);
      expect(likeness(embedding, other.clusters[i]?.embedding ?? embedding)).toBeGreaterThan(0.999);
    }
  };

  test.each([
    1,
    2,
    7,
    9,
    maxKeptOwned,
  ])("of %i looks like that of who never saved it, and may show it again", (count) => {
    const owned = ownedPins(count);
    for (const taken of [0, count - 1]) {
      const never = of(owned.filter((_, i) => i !== taken));
      expectLike(embeddingWithout(of(owned), new Set([pinOf(taken)])), never);
      const twice = embeddingWithout(embeddingWithout(of(owned), new Set([pinOf(taken)])), new Set([pinOf(taken)]));
      expectLike(twice, never);
    }
  });

  test("keeps the picture of a pin that the user made", () => {
    const owned = ownedPins(4).map((pin, i) => (i === 1 ? { ...pin, weight: 5 } : pin));
    expect(embeddingWithout(of(owned), new Set([pinOf(1)])).clusters).toEqual(of(owned).clusters);
  });

  test("of more pins than it keeps stays as it looks", () => {
    const owned = ownedPins(maxKeptOwned + 1);
    const left = embeddingWithout(of(owned), new Set([pinOf(0)]));
    expect(left.clusters).toEqual(of(owned).clusters);
    expect(left.knownPins.has(hashOfId(pinOf(0)))).toBe(false);
  });
});

describe("what was taken back since an embedding was made", () => {
  const embedding = userEmbeddingOf({ ...nothing, knownPins: [pinOf(1), pinOf(2)] }, through, null);
  const back = (pin: number, at = through + 1): Withdrawal => ({ pinId: pinOf(pin), type: "save", at });
  const acted = (pin: number, type: ActionType): KeptAction => ({
    ...{ id: `${type}.${pin}`, pinId: pinOf(pin), type, occurredAt: through + 5 },
    ...{ embedding: new Uint8Array(0), taste: null },
  });
  const since = (withdrawals: Withdrawal[], actions: KeptAction[] = []): PinId[] => [
    ...takenBackSince(embedding, { withdrawals, actions }),
  ];

  test("is what it knows as saved, once", () => {
    expect(since([back(1), back(1, through + 3), back(9)])).toEqual([pinOf(1)]);
    expect(since([])).toEqual([]);
  });

  test("is nothing that it was made after, and nothing but saves", () => {
    expect(since([back(1, through), back(2, through - 1), { ...back(1), type: "create" }])).toEqual([]);
  });

  test("is not what was saved again, or made by the user; a look changes nothing", () => {
    expect(since([back(1)], [acted(1, "save")])).toEqual([]);
    expect(since([back(1)], [acted(1, "create")])).toEqual([]);
    expect(since([back(1)], [acted(1, "closeup"), acted(2, "save")])).toEqual([pinOf(1)]);
  });
});
