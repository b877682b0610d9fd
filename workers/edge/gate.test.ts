import { expect, test } from "vitest";
import { createGate } from "./gate.ts";

test("no more work goes on than there are places, and a place is free when its work is done or has failed", async () => {
  const gate = createGate(2);
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<string>();
  const one = gate.enter(() => first.promise);
  const two = gate.enter(() => second.promise);
  let began = false;
  const begin = async () => {
    began = true;
  };
  expect(gate.enter(begin)).toBeNull();
  expect(began).toBe(false);
  first.resolve("done");
  second.reject(new Error("down"));
  expect(await one).toBe("done");
  await expect(two).rejects.toThrow("down");
  expect(gate.enter(() => new Promise(() => undefined))).not.toBeNull();
  expect(gate.enter(begin)).not.toBeNull();
  expect(began).toBe(true);
});

test("work that was ended without a word does not keep its place for good", async () => {
  let now = 0;
  const gate = createGate(1, { now: () => now });
  void gate.enter(() => new Promise(() => undefined));
  now = 30_000;
  expect(gate.enter(async () => "refused")).toBeNull();
  now = 30_001;
  expect(await gate.enter(async () => "in")).toBe("in");
});

test("those who may wait are let in one by one, in the order of coming, and the others turned away", async () => {
  const gate = createGate(1, { waiting: 2 });
  const order: string[] = [];
  const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const come = (name: string, i: number) =>
    gate.enter(async () => {
      order.push(name);
      await ends[i]?.promise;
      return name;
    });
  const came = ["a", "b", "c"].map(come);
  expect(come("d", 0)).toBeNull();
  expect(order).toEqual(["a"]);
  ends[0]?.resolve();
  await came[0];
  await Promise.resolve();
  expect(order).toEqual(["a", "b"]);
  ends[1]?.reject(new Error("fails"));
  await expect(came[1]).rejects.toThrow("fails");
  ends[2]?.resolve();
  expect(await came[2]).toBe("c");
  expect(order).toEqual(["a", "b", "c"]);
});
