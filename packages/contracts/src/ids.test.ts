import { expect, test } from "vitest";
import { newBoardId, newPinId, newUserId, PinId, shardCount, shardOf, shardOfHandle, UserId } from "./ids.ts";

const seed = { now: 1_790_000_000_000, random: 0.999999 };

test("an id carries the shard of its owner", () => {
  for (const handle of ["ada", "zoe", "user-17", "x"]) {
    const user = newUserId(handle, seed);
    expect(shardOf(user)).toBe(shardOfHandle(handle));
    expect(shardOf(newPinId(user, { now: 1, random: 0 }))).toBe(shardOf(user));
    expect(shardOf(newBoardId(user, { now: 2 ** 48 - 1, random: 0.5 }))).toBe(shardOf(user));
  }
});

test("ids pass their own schema and no other", () => {
  const user = newUserId("ada", seed);
  expect(UserId.safeParse(user).success).toBe(true);
  expect(PinId.safeParse(user).success).toBe(false);
  expect(PinId.safeParse("pin_0123").success).toBe(false);
});

test("ids sort by creation", () => {
  const user = newUserId("ada", seed);
  const ids = [5, 50, 1_790_000_000_000].map((now) => newPinId(user, { now, random: 0.3 }));
  expect(ids.toSorted()).toEqual(ids);
});

test("handles spread over the shards", () => {
  const shards = new Set(Array.from({ length: 20_000 }, (_, i) => shardOfHandle(`user-${i}`)));
  expect(Math.max(...shards)).toBeLessThan(shardCount);
  expect(shards.size).toBeGreaterThan(shardCount * 0.95);
});
