import { expect, test } from "vitest";
import { createAdmission } from "./admission.ts";

const limits = { budgetBytes: 100, maxWaitMillis: 10_000, now: () => 0 };
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
  const admission = createAdmission({ ...limits, maxWaitMillis: 80 });
  const release = await admission.admit(90);
  await expect(admission.admit(90)).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 1 });
  await admission.admit(2);
  release();
  expect(admission.count()).toEqual({ admitted: 1, waiting: 0 });
});

test("who would wait longer than the deadline is turned away at once, and told how long", async () => {
  let now = 0;
  const admission = createAdmission({ ...limits, maxWaitMillis: 2_500, now: () => now });
  // Turns of a second each: the mean is a second.
  for (let turn = 0; turn < 300; turn++) {
    const release = await admission.admit(1);
    now += 1_000;
    release();
  }
  const release = await admission.admit(60);
  const second = admission.admit(60);
  const third = admission.admit(60);
  await expect(admission.admit(1)).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 3 });
  expect(admission.count()).toEqual({ admitted: 1, waiting: 2 });
  release();
  (await second)();
  (await third)();
});

test("turns are those of an isolate that works: a pause between pictures is no work", async () => {
  let now = 0;
  const admission = createAdmission({ ...limits, maxWaitMillis: 100, now: () => now });
  for (let turn = 0; turn < 300; turn++) {
    const release = await admission.admit(1);
    now += 9;
    release();
    now += 60_000;
  }
  for (let count = 0; count < 12; count++) await admission.admit(1);
  await expect(admission.admit(1)).rejects.toThrow("ask again");
});

test("one slow picture does not keep the door shut", async () => {
  let now = 0;
  const admission = createAdmission({ ...limits, maxWaitMillis: 1_000, now: () => now });
  for (let turn = 0; turn < 300; turn++) {
    const release = await admission.admit(1);
    now += 90_000;
    release();
  }
  await admission.admit(1);
  await admission.admit(1);
});

test("pictures count from before anything is read for them, and visitors from when they came", () => {
  let now = 0;
  const admission = createAdmission({ ...limits, maxWaitMillis: 150, now: () => now });
  const leave = admission.announce();
  admission.announce();
  admission.announce("background");
  // Three turns of the first guess, 60 ms each.
  expect(() => admission.announce()).toThrow("ask again in a second");
  leave();
  admission.announce();
  leave();
  now = 1_000;
  const empty = createAdmission({ ...limits, maxWaitMillis: 150, now: () => now });
  empty.announce("visitor", 850);
  expect(() => empty.announce("visitor", 800)).toThrow("ask again");
});

test("work that nobody waits for is not turned away", async () => {
  const admission = createAdmission({ ...limits, maxWaitMillis: 20 });
  const release = await admission.admit(90, "background");
  const behind = admission.admit(90, "background");
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(admission.count()).toEqual({ admitted: 1, waiting: 1 });
  release();
  await behind;
  expect(admission.count()).toEqual({ admitted: 1, waiting: 0 });
});
