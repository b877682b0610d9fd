import { expect, test } from "vitest";
import { EventQueue, maxBatch, type QueuedEvent } from "./event-queue.ts";

/** A queue on a clock that stands still until it is moved. */
function queueOnAClock(outcomes: ("ok" | "away" | "refused")[] = []) {
  const sent: QueuedEvent[][] = [];
  const timers = new Map<object, { at: number; work: () => void }>();
  let now = Date.parse("2026-11-20T12:00:00Z");
  let ids = 0;
  const queue = new EventQueue({
    send: async (events) => {
      sent.push(events);
      const outcome = outcomes.shift() ?? "ok";
      if (outcome !== "ok") throw new Error(outcome);
    },
    isTransient: (error) => error instanceof Error && error.message === "away",
    newId: () => `event-${++ids}`,
    now: () => now,
    schedule: (work, millis) => {
      const key = {};
      timers.set(key, { at: now + millis, work });
      return () => timers.delete(key);
    },
  });
  const pass = async (millis: number) => {
    now += millis;
    for (const [key, { at, work }] of [...timers]) {
      if (at <= now && timers.delete(key)) work();
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return { queue, sent, pass };
}

test("events are gathered and sent together, with ids of their own", async () => {
  const { queue, sent, pass } = queueOnAClock();
  queue.add("view", "pin_a");
  queue.add("closeup", "pin_b");
  expect(sent).toEqual([]);
  await pass(4_000);
  expect(sent).toEqual([
    [
      { id: "event-1", type: "view", pinId: "pin_a", occurredAt: "2026-11-20T12:00:00.000Z" },
      { id: "event-2", type: "closeup", pinId: "pin_b", occurredAt: "2026-11-20T12:00:00.000Z" },
    ],
  ]);
  await pass(60_000);
  expect(sent).toHaveLength(1);
});

test("a full batch does not wait", () => {
  const { queue, sent } = queueOnAClock();
  for (let i = 0; i < maxBatch; i++) queue.add("view", `pin_${i}`);
  expect(sent.map((batch) => batch.length)).toEqual([maxBatch]);
});

test("what did not arrive is sent again under the same ids", async () => {
  const { queue, sent, pass } = queueOnAClock(["away"]);
  queue.add("view", "pin_a");
  await pass(4_000);
  queue.add("view", "pin_b");
  await pass(15_000);
  expect(sent.map((batch) => batch.map(({ id }) => id))).toEqual([["event-1"], ["event-1", "event-2"]]);
});

test("what the server refuses is not sent again", async () => {
  const { queue, sent, pass } = queueOnAClock(["refused"]);
  queue.add("view", "pin_a");
  await pass(4_000);
  await pass(60_000);
  expect(sent).toHaveLength(1);
});

test("a held event can be taken back, and is sent after its time otherwise", async () => {
  const { queue, sent, pass } = queueOnAClock();
  const undo = queue.hold("hide", "pin_a", 6_000);
  queue.hold("hide", "pin_b", 6_000);
  undo();
  await pass(6_000);
  await pass(4_000);
  expect(sent.flat().map(({ pinId }) => pinId)).toEqual(["pin_b"]);
});

test("leaving the page sends everything at once, held events too, and only once", async () => {
  const { queue, sent, pass } = queueOnAClock();
  queue.add("view", "pin_a");
  queue.hold("hide", "pin_b", 6_000);
  queue.flush();
  queue.flush();
  await pass(60_000);
  expect(sent.map((batch) => batch.map(({ type }) => type))).toEqual([["view", "hide"]]);
});
