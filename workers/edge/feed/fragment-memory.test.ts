import { newBoardId, newPinId, newUserId } from "@vitrine/contracts";
import type { Candidate } from "@vitrine/ranking";
import { hashOfId } from "@vitrine/ranking";
import { expect, test } from "vitest";
import { createFragmentMemory } from "./fragment-memory.ts";

const userId = newUserId("creator", { now: 1, random: 0.5 });
const boardId = newBoardId(userId, { now: 1, random: 0.5 });

function candidate(n: number, saves = 0): Candidate {
  const id = newPinId(userId, { now: 1_000 + n, random: 0.5 });
  const pin = { id, userId, boardId, title: "", category: null, width: 1, height: 1, color: null, renditions: null };
  const numbers = { hash: hashOfId(id), item: n, taste: null, tasteLength: 0, createdAt: 1, saves };
  return { pin, embedding: new Float32Array(), ...numbers };
}

const fragment = (numbers: readonly number[], { builtAt = 1, model = "m1", saves = 0 } = {}) => ({
  value: { builtAt, model, candidates: numbers.map((n) => candidate(n, saves)) },
  madeAt: builtAt,
});

test("fragments share the pins that they have in common, of the same model", async () => {
  const memory = createFragmentMemory(1_000_000);
  await memory.put("a", fragment([1, 2]));
  await memory.put("b", fragment([2, 3]));
  await memory.put("c", fragment([2], { model: "m2" }));
  const [a, b, c] = await Promise.all(["a", "b", "c"].map((key) => memory.get(key)));
  expect(b?.value.candidates[0]).toBe(a?.value.candidates[1]);
  expect(c?.value.candidates[0]).not.toBe(a?.value.candidates[1]);
  expect([a, b].map((entry) => entry?.value.candidates.map(({ item }) => item))).toEqual([
    [1, 2],
    [2, 3],
  ]);
});

test("a pin that one fragment lets go is kept for those that still hold it", async () => {
  const memory = createFragmentMemory(1_000_000);
  await memory.put("a", fragment([1]));
  await memory.put("b", fragment([1]));
  await memory.delete("a");
  await memory.put("c", fragment([1]));
  expect((await memory.get("c"))?.value.candidates[0]).toBe((await memory.get("b"))?.value.candidates[0]);
});

test("a newer fragment tells all that hold a pin of its saves, an older one none", async () => {
  const memory = createFragmentMemory(1_000_000);
  await memory.put("a", fragment([1], { builtAt: 10, saves: 5 }));
  await memory.put("b", fragment([1], { builtAt: 20, saves: 6 }));
  await memory.put("c", fragment([1], { builtAt: 15, saves: 4 }));
  expect((await memory.get("a"))?.value.candidates[0]?.saves).toBe(6);
});

test("bytes are those of different pins: a hundred fragments of the same pins cost little more than one", async () => {
  const memory = createFragmentMemory(200_000);
  const same = Array.from({ length: 100 }, (_, n) => n);
  for (let i = 0; i < 20; i++) await memory.put(`same ${i}`, fragment(same));
  expect(memory.peek("same 0")).toBeDefined();
  await memory.put("other", fragment(same.map((n) => n + 1_000)));
  expect(memory.peek("other")).toBeDefined();
  expect(memory.peek("same 0")).toBeUndefined();
});

test("what leaves frees its bytes, also by being put again or deleted, and the least recently read leaves first", async () => {
  const memory = createFragmentMemory(60 * 1_600);
  const block = (from: number) => Array.from({ length: 20 }, (_, n) => from + n);
  for (let round = 0; round < 50; round++) await memory.put("a", fragment(block(round * 20)));
  await memory.put("b", fragment(block(5_000)));
  await memory.put("c", fragment(block(6_000)));
  expect(["a", "b", "c"].filter((key) => memory.peek(key))).toEqual(["a", "b", "c"]);
  await memory.get("a");
  await memory.put("d", fragment(block(7_000)));
  expect(["a", "b", "c", "d"].filter((key) => memory.peek(key))).toEqual(["a", "c", "d"]);
  await memory.delete("a");
  await memory.put("e", fragment(block(8_000)));
  expect(["c", "d", "e"].filter((key) => memory.peek(key))).toEqual(["c", "d", "e"]);
});
