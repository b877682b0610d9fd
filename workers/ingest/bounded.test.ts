import { expect, test } from "vitest";
import { inParallel, within } from "./bounded.ts";

test("no more than the limit are at work at a time, and answers keep the order", async () => {
  let running = 0;
  let most = 0;
  const answers = await inParallel([5, 1, 4, 2, 3], 2, async (item) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < item; turn++) await Promise.resolve();
    running--;
    return item * 10;
  });
  expect(answers).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
  expect(await inParallel([], 2, async () => 1)).toEqual([]);
});

test("what hangs ends with an error that names it, and what answers is passed on", async () => {
  await expect(within(5, "preparing", new Promise(() => undefined))).rejects.toThrow("preparing took longer than 5 ms");
  expect(await within(1000, "preparing", Promise.resolve("done"))).toBe("done");
  await expect(within(1000, "preparing", Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});
