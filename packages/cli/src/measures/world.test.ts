import { BulkOperation, shardOf, shardOfHandle } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { accountLines, accountOf, saveLines, shuffled, unsaveLines, worldOf } from "./world.ts";

const operationsOf = (lines: Iterable<string>) => [...lines].map((line) => BulkOperation.parse(JSON.parse(line)));

test("every line is one that the API takes, with ids of the right shards", () => {
  const world = worldOf(120);
  const account = accountOf("user-7");
  const operations = operationsOf([
    ...world.catalogue(),
    ...accountLines([account]),
    ...saveLines(world, account, [3, 119]),
    ...unsaveLines(world, account, [3]),
  ]);
  const count = (op: string) => operations.filter((operation) => operation.op === op).length;
  expect(["user", "board", "pin", "save", "unsave"].map(count)).toEqual([4, 3, 120, 2, 1]);
  expect(shardOf(account.id)).toBe(shardOfHandle("user-7"));
  for (const operation of operations) {
    if (operation.op === "pin") expect(shardOf(operation.id)).toBe(shardOf(operation.boardId));
  }
});

test("ids are the same in every run, and no two are", () => {
  const world = worldOf(10_000);
  const { pinIds } = world;
  const ids = operationsOf(world.catalogue()).map((operation) => ("id" in operation ? operation.id : ""));
  expect(ids).toHaveLength(10_400);
  expect(new Set(ids).size).toBe(10_400);
  expect(worldOf(10_000).pinIds).toEqual(pinIds);
  expect(new Set(Array.from({ length: 40_000 }, (_, n) => accountOf(`user-${n}`).id)).size).toBe(40_000);
});

test("the order of ids tells nothing of the items", () => {
  const { pinIds } = worldOf(2000);
  let rising = 0;
  for (let item = 1; item < 2000; item++) if ((pinIds[item] ?? "") > (pinIds[item - 1] ?? "")) rising++;
  expect(rising).toBeGreaterThan(900);
  expect(rising).toBeLessThan(1100);
});

test("a shuffled list has the same items, and is the same for the same seed", () => {
  const list = Uint32Array.from({ length: 50 }, (_, n) => n);
  expect([...shuffled(list, 4)].sort((a, b) => a - b)).toEqual([...list]);
  expect(shuffled(list, 4)).toEqual(shuffled(list, 4));
  expect(shuffled(list, 5)).not.toEqual(shuffled(list, 4));
  const firsts = new Set(Array.from({ length: 300 }, (_, seed) => shuffled(list, seed)[0]));
  expect(firsts.size).toBe(50);
});
