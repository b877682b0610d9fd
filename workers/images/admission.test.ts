import { expect, test } from "vitest";
import { createAdmission } from "./admission.ts";

const limits = { budgetBytes: 100, maxWaitMillis: 10_000 };
/** Whether a promise is settled once everything that is ready has run. */
async function isIn(entered: Promise<unknown>): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  return (await Promise.race([entered, Promise.resolve("waiting")])) !== "waiting";
}

test("all that are in fit the budget together", async () => {
  const admission = createAdmission(limits);
  await admission.admit(50);
  await admission.admit(40);
  expect(admission.admittedBytes()).toBe(90);
  const third = admission.admit(11);
  expect(await isIn(third)).toBe(false);
  expect(admission.count()).toEqual({ admitted: 2, waiting: 1 });
});

test("a release lets the next in, in order", async () => {
  const admission = createAdmission(limits);
  const release = await admission.admit(100);
  const large = admission.admit(100);
  const small = admission.admit(2);
  expect(await isIn(small)).toBe(false); // though it would fit, it does not pass the large one
  release();
  release(); // a second release of the same changes nothing
  expect(await isIn(large)).toBe(true);
  expect(await isIn(small)).toBe(false);
  (await large)();
  expect(await isIn(small)).toBe(true);
});

test("what is larger than the budget comes in alone", async () => {
  const admission = createAdmission(limits);
  const release = await admission.admit(180);
  const next = admission.admit(2);
  expect(await isIn(next)).toBe(false);
  release();
  expect(await isIn(next)).toBe(true);
});

test("who waits too long is told to come back, and those behind move up", async () => {
  const admission = createAdmission({ budgetBytes: 100, maxWaitMillis: 20 });
  const release = await admission.admit(90);
  await expect(admission.admit(90)).rejects.toMatchObject({
    code: "unavailable",
    retryAfterSeconds: 2,
  });
  await admission.admit(2);
  release();
  expect(admission.count()).toEqual({ admitted: 1, waiting: 0 });
});
