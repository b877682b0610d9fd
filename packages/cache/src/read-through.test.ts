import { expect, test } from "vitest";
import { createMemoryTier } from "./memory-tier.ts";
import { createReadThrough, type ReadOptions } from "./read-through.ts";
import type { Tier } from "./tier.ts";

/** Two tiers, a clock that stands still until it is set, and a value that counts how often it was made. */
function setUp(overrides: Partial<ReadOptions<string>> = {}) {
  const memory = createMemoryTier<string>({ maxBytes: 1_000, bytesOf: (text) => text.length });
  const region: Tier<string> = {
    ...createMemoryTier<string>({ maxBytes: 1_000, bytesOf: (text) => text.length }),
    name: "region",
  };
  const state = { now: 0, made: 0, deferred: [] as Promise<unknown>[] };
  const options: ReadOptions<string> = {
    tiers: [memory, region],
    make: async () => `made ${++state.made}`,
    windowsOf: () => ({ freshMillis: 10, staleMillis: 100 }),
    now: () => state.now,
    defer: (work) => state.deferred.push(work),
    ...overrides,
  };
  const reader = createReadThrough<string>();
  const settle = async () => {
    for (const work of state.deferred.splice(0)) await work;
  };
  return {
    memory,
    region,
    state,
    settle,
    readKept: () => reader.readKept("key", options),
    read: (changes: Partial<ReadOptions<string>> = {}) => reader.read("key", { ...options, ...changes }),
  };
}

test("names the tier that answered, and fills the nearer ones", async () => {
  const { read, settle, memory } = setUp();
  expect(await read()).toEqual({ value: "made 1", tier: "origin", isStale: false });
  await settle();
  expect((await read()).tier).toBe("memory");
  await memory.delete("key");
  expect((await read()).tier).toBe("region");
  await settle();
  expect((await read()).tier).toBe("memory");
});

test("all who wait for a key share one making", async () => {
  const { read, state } = setUp();
  const readings = await Promise.all([read(), read(), read()]);
  expect(readings.map(({ value }) => value)).toEqual(["made 1", "made 1", "made 1"]);
  expect(state.made).toBe(1);
});

test("a stale entry is answered at once and made anew behind the answer", async () => {
  const { read, settle, state } = setUp();
  await read();
  await settle();
  state.now = 50;
  expect(await read()).toEqual({ value: "made 1", tier: "memory", isStale: true });
  await settle();
  expect(await read()).toEqual({ value: "made 2", tier: "memory", isStale: false });
});

test("a farther tier that is fresher spares the making", async () => {
  const { read, settle, state, region } = setUp();
  await read();
  await settle();
  state.now = 50;
  await region.put("key", { value: "from another isolate", madeAt: 45 });
  await read();
  await settle();
  expect(await read()).toEqual({ value: "from another isolate", tier: "memory", isStale: false });
  expect(state.made).toBe(1);
});

test("while making fails the stale entry stays in use until its window ends", async () => {
  const { read, settle, state } = setUp();
  await read();
  await settle();
  const failing = { make: () => Promise.reject(new Error("down")) };
  state.now = 110;
  expect((await read(failing)).value).toBe("made 1");
  await settle();
  state.now = 111;
  await expect(read(failing)).rejects.toThrow("down");
});

test("a failure is not remembered", async () => {
  const { read } = setUp();
  await expect(read({ make: () => Promise.reject(new Error("down")) })).rejects.toThrow("down");
  expect((await read()).value).toBe("made 1");
});

test("a tier that fails counts as empty", async () => {
  const broken: Tier<string> = {
    name: "broken",
    get: () => Promise.reject(new Error("no")),
    put: () => Promise.reject(new Error("no")),
    delete: () => Promise.reject(new Error("no")),
  };
  const { read, settle } = setUp({ tiers: [broken] });
  expect((await read()).tier).toBe("origin");
  await settle();
});

test("what is kept is read without being made", async () => {
  const { readKept, read, settle, state } = setUp();
  expect(await readKept()).toBeUndefined();
  await read();
  await settle();
  expect(await readKept()).toEqual({ value: "made 1", tier: "memory", isStale: false });
  state.now = 50;
  expect(await readKept()).toMatchObject({ value: "made 1", isStale: true });
  await settle();
  expect(await readKept()).toMatchObject({ value: "made 2" });
});
