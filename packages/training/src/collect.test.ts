import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { decodeSaves, encodeSaves, SavesCollector } from "./collect.ts";
import { itemsOf, savesOf } from "./saves.ts";

test("pairs in any order, some of them twice, become rows of items without repeats", () => {
  const collector = new SavesCollector();
  for (const [user, item] of [
    ["ada", "cat"],
    ["bob", "dog"],
    ["ada", "owl"],
    ["ada", "cat"],
    ["bob", "cat"],
    ["ada", "dog"],
  ] as const) {
    collector.add(user, item);
  }
  const { saves, userIds, itemIds } = collector.collected();
  expect(userIds).toEqual(["ada", "bob"]);
  expect(itemIds).toEqual(["cat", "dog", "owl"]);
  expect(saves).toEqual(
    savesOf(
      [
        [0, 1, 2],
        [0, 1],
      ],
      3,
    ),
  );
});

test("more pairs than the first room holds are all kept", () => {
  const collector = new SavesCollector();
  for (let k = 0; k < 70_000; k++) collector.add(`u${k % 700}`, `i${Math.floor(k / 700)}`);
  const { saves } = collector.collected();
  expect(saves.columns).toHaveLength(70_000);
  expect([...itemsOf(saves, 699)]).toEqual(Array.from({ length: 100 }, (_, item) => item));
});

test("saves are read as they were written, from any place of a buffer", () => {
  const next = seededSequence(6);
  const saves = savesOf(
    Array.from({ length: 9 }, () => Array.from({ length: 4 }, () => Math.floor(next() * 12))),
    12,
  );
  const bytes = encodeSaves(saves);
  expect(decodeSaves(bytes)).toEqual(saves);
  const shifted = new Uint8Array(bytes.byteLength + 1);
  shifted.set(bytes, 1);
  expect(decodeSaves(shifted.subarray(1))).toEqual(saves);
});

test("saves that are cut off or contradict themselves are refused", () => {
  const bytes = encodeSaves(savesOf([[0, 2], [1]], 3));
  for (const length of [0, 3, 12, bytes.byteLength - 4]) {
    expect(() => decodeSaves(bytes.slice(0, length))).toThrow("cut off");
  }
  for (const [word, value] of [
    [4, 1],
    [5, 9],
    [7, 3],
  ] as const) {
    const wrong = bytes.slice();
    new Uint32Array(wrong.buffer)[word] = value;
    expect(() => decodeSaves(wrong), `word ${word}`).toThrow("contradict");
  }
});
