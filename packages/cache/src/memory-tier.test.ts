import { expect, test } from "vitest";
import { testTier } from "./conformance.ts";
import { createMemoryTier } from "./memory-tier.ts";

testTier("memory", () => createMemoryTier<string>({ maxBytes: 10_000, bytesOf: (text) => text.length }));

const of = (bytes: number) => ({ value: "x".repeat(bytes), madeAt: 0 });

test("what was read least recently goes first when the bytes are used up", async () => {
  const tier = createMemoryTier<string>({ maxBytes: 100, bytesOf: (text) => text.length });
  for (const key of ["a", "b", "c"]) await tier.put(key, of(30));
  await tier.get("a");
  await tier.put("d", of(30));
  expect(await tier.get("b")).toBeUndefined();
  for (const key of ["a", "c", "d"]) expect(await tier.get(key)).toBeDefined();
});

test("putting a key again does not count its bytes twice", async () => {
  const tier = createMemoryTier<string>({ maxBytes: 100, bytesOf: (text) => text.length });
  await tier.put("a", of(40));
  for (let i = 0; i < 10; i++) await tier.put("b", of(50));
  expect(await tier.get("a")).toBeDefined();
});

test("what is larger than the tier is not kept and throws nothing else out", async () => {
  const tier = createMemoryTier<string>({ maxBytes: 100, bytesOf: (text) => text.length });
  await tier.put("a", of(40));
  await tier.put("big", of(101));
  expect(await tier.get("big")).toBeUndefined();
  expect(await tier.get("a")).toBeDefined();
});
