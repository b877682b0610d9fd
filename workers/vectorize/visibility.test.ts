import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);
const values = [1, 0, 0, 0, 0];
const ids = async () => (await env.HOUR_LATE.query(values)).matches.map(({ id }) => id);

// Only the clock is moved; timers go on.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a mutation is accepted at once and seen when its delay is over, in the order of acceptance", async () => {
  const first = await env.HOUR_LATE.upsert([{ id: "a", values }]);
  vi.setSystemTime(start + hour / 2);
  const second = await env.HOUR_LATE.upsert([{ id: "b", values }]);
  // A binding without a delay writes behind those two, and is not seen before them.
  const third = await env.HOUR_LATE_NOW.deleteByIds(["a"]);

  expect(await ids()).toEqual([]);
  expect(await env.HOUR_LATE.describe()).toMatchObject({ vectorCount: 0, processedUpToMutation: null });
  expect(await env.HOUR_LATE.getByIds(["a"])).toEqual([]);

  vi.setSystemTime(start + hour);
  expect(await ids()).toEqual(["a"]);
  expect(await env.HOUR_LATE.describe()).toEqual({
    vectorCount: 1,
    dimensions: 5,
    processedUpToMutation: first.mutationId,
    processedUpToDatetime: new Date(start + hour).toISOString(),
  });

  vi.setSystemTime(start + 1.5 * hour);
  expect(await ids()).toEqual(["b"]);
  expect(await env.HOUR_LATE.describe()).toMatchObject({ processedUpToMutation: third.mutationId });
  expect(new Set([first, second, third].map(({ mutationId }) => mutationId)).size).toBe(3);
});

test("what is accepted and not seen yet outlives the object", async () => {
  vi.setSystemTime(start + 10 * hour);
  const { mutationId } = await env.HOUR_LATE.upsert([{ id: "c", values, metadata: { category: "late" } }]);
  await evictDurableObject(env.INDEX.get(env.INDEX.idFromName("hour-late")));
  expect(await ids()).not.toContain("c");
  vi.setSystemTime(start + 11 * hour);
  expect(await ids()).toContain("c");
  expect(await env.HOUR_LATE.describe()).toMatchObject({ processedUpToMutation: mutationId });
  const { matches } = await env.HOUR_LATE.query(values, { filter: { category: "late" } });
  expect(matches.map(({ id }) => id)).toEqual(["c"]);
});
