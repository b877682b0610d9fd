import { describe, expect, test } from "vitest";
import {
  type CollaborativeTaste,
  collaborativeTasteOf,
  longTermTasteOf,
  maxKeptVectors,
  maxWalkItems,
  type TasteAction,
} from "./collaborative-taste.ts";
import { drawnActions, drawnModel } from "./drawn-tastes.ts";
import { foldIn, meanOfUnits, userVectorOf } from "./fold-in.ts";

const none = new Set<number>();
const with_ = (long: readonly TasteAction[], recent: readonly TasteAction[], hidden = none): CollaborativeTaste => {
  const taste = collaborativeTasteOf(longTermTasteOf(long, drawnModel), { recent, hidden }, drawnModel);
  if (!taste) throw new Error("something is known of the user");
  return taste;
};

function likeness(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, k) => sum + value * (y[k] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function expectClose(vector: Float32Array, exact: Float32Array): void {
  for (const [k, value] of vector.entries()) expect(value, `dimension ${k}`).toBeCloseTo(exact[k] ?? 0, 4);
}

describe("the taste of the embedding with the last actions", () => {
  test.each([1, 9, 10, 11, 30])("is that of all %i actions, wherever the embedding ended", (count) => {
    const all = drawnActions(count);
    const exact = userVectorOf(all, drawnModel.basis);
    const mean = meanOfUnits(all, exact.length);
    if (count < 10) expectClose(exact, mean);
    else expect(likeness(exact, mean)).toBeLessThan(0.999);
    for (const recent of [0, 1, Math.min(count, 3), count]) {
      const taste = with_(all.slice(recent), all.slice(0, recent));
      expectClose(taste.vector, exact);
      expect(taste.actionCount).toBe(count);
    }
  });

  test("comes near that of all actions by a step, where the embedding has too many for their vectors", () => {
    const all = drawnActions(maxKeptVectors + 20);
    const exact = foldIn(all, drawnModel.basis, { most: 100 });
    const { vector, actionCount } = with_(all.slice(2), all.slice(0, 2));
    const without = foldIn(all.slice(2), drawnModel.basis, { most: 100 });
    expect(actionCount).toBe(all.length);
    expect(likeness(vector, exact)).toBeGreaterThan(likeness(without, exact));
    expect(with_(all, []).vector).toEqual(exact);
  });

  test("walks to the neighbours of both, and its shares sum to 1", () => {
    const all = drawnActions(8);
    const whole = with_(all, []).neighbourScores;
    const parted = with_(all.slice(3), all.slice(0, 3)).neighbourScores;
    expect(new Set(parted.keys())).toEqual(new Set(whole.keys()));
    for (const [item, share] of whole) expect(parted.get(item)).toBeCloseTo(share, 6);
    expect([...parted.values()].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  });

  test("keeps the greatest shares of a long walk", () => {
    const all = drawnActions(250).map((action, i) => ({
      ...action,
      neighbours: {
        items: Uint32Array.from({ length: 10 }, (_, k) => i * 10 + k),
        weights: new Float32Array(10).fill(i + 1),
      },
    }));
    const { neighbourScores } = with_(all, []);
    expect(neighbourScores.size).toBe(maxWalkItems);
    expect(neighbourScores.has(2_499)).toBe(true);
    expect(neighbourScores.has(0)).toBe(false);
  });

  test("counts an item once: told twice, or known to the embedding", () => {
    const all = drawnActions(6);
    const once = with_(all, []);
    for (const twice of [with_(all, all), with_([...all, ...all], []), with_(all.slice(2), [...all, ...all])]) {
      expect(twice.actionCount).toBe(6);
      expectClose(twice.vector, once.vector);
      for (const [item, share] of once.neighbourScores) expect(twice.neighbourScores.get(item)).toBeCloseTo(share, 6);
    }
  });

  test("has the last saves, newest first, and none of looks", () => {
    const [first, ...rest] = drawnActions(14);
    if (!first) throw new Error("unreachable");
    const { lastSaves } = with_(rest.slice(1), [{ ...first, isSave: false }, ...rest.slice(0, 1)]);
    expect(lastSaves.map(({ item }) => item)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test("loses what was hidden", () => {
    const all = drawnActions(5);
    const taste = with_(all.slice(1), all.slice(0, 1), new Set([0, 3]));
    const left = all.filter(({ item }) => item !== 0 && item !== 3);
    expectClose(taste.vector, userVectorOf(left, drawnModel.basis));
    expect(taste.lastSaves.map(({ item }) => item)).toEqual([1, 2, 4]);
  });

  test("has nothing of an embedding of another model, and is none without actions", () => {
    const all = drawnActions(4);
    const other = longTermTasteOf(drawnActions(9, 100), { ...drawnModel, version: "m0000000000" });
    const taste = collaborativeTasteOf(other, { recent: all, hidden: none }, drawnModel);
    expect(taste?.vector).toEqual(userVectorOf(all, drawnModel.basis));
    expect(taste?.actionCount).toBe(4);
    expect(collaborativeTasteOf(other, { recent: [], hidden: none }, drawnModel)).toBeNull();
    expect(collaborativeTasteOf(null, { recent: [], hidden: none }, drawnModel)).toBeNull();
  });
});
