/** What every tier must do. `create` answers a new, empty tier that keeps at least a few kilobytes. */
import { describe, expect, test } from "vitest";
import type { Tier } from "./tier.ts";

export function testTier(name: string, create: () => Tier<string> | Promise<Tier<string>>): void {
  describe(`${name} is a tier`, () => {
    test("answers undefined for what was never put", async () => {
      const tier = await create();
      expect(await tier.get("a/b?c=1")).toBeUndefined();
    });

    test("answers what was put, with the time it was made", async () => {
      const tier = await create();
      const entry = { value: "räksmörgås ".repeat(50), madeAt: Date.now() - 5_000 };
      await tier.put("a/b?c=1", entry);
      expect(await tier.get("a/b?c=1")).toEqual(entry);
    });

    test("keeps keys apart, also those that look alike in a URL", async () => {
      const tier = await create();
      const keys = ["a", "a/", "a?x", "a#x", "A", "a%2F", "a b"];
      for (const key of keys) await tier.put(key, { value: `of ${key}`, madeAt: Date.now() });
      for (const key of keys) expect((await tier.get(key))?.value).toBe(`of ${key}`);
    });

    test("the last put wins", async () => {
      const tier = await create();
      await tier.put("key", { value: "old", madeAt: Date.now() - 1_000 });
      await tier.put("key", { value: "new", madeAt: Date.now() });
      expect((await tier.get("key"))?.value).toBe("new");
    });

    test("forgets what is deleted, and deleting what is not there does no harm", async () => {
      const tier = await create();
      await tier.put("key", { value: "value", madeAt: Date.now() });
      await tier.delete("key");
      await tier.delete("other");
      expect(await tier.get("key")).toBeUndefined();
    });
  });
}
