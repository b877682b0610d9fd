import { expect, test } from "vitest";
import type { Clock } from "../measures/pace.ts";
import { drive } from "./open-loop.ts";

/** Time that passes only in `sleep`. */
function handClock(): Clock {
  let millis = 1_000;
  return {
    now: () => millis,
    async sleep(span) {
      millis += span;
    },
  };
}

test("requests are due at the rate, whatever their answers take", async () => {
  const clock = handClock();
  const due: number[] = [];
  const figures = await drive(
    {
      rate: 20,
      seconds: 0.5,
      ask: async () => {
        due.push(clock.now() - 1_000);
        return 200;
      },
    },
    clock,
  );
  expect(due).toEqual([0, 50, 100, 150, 200, 250, 300, 350, 400, 450]);
  expect(figures).toMatchObject({ rate: 20, achievedRate: 20, requests: 10, errors: {} });
});

test("latency counts from when a request was due, not from when it was sent", async () => {
  const clock = handClock();
  const figures = await drive(
    {
      rate: 10,
      seconds: 0.4,
      ask: async (n) => {
        if (n === 0) await clock.sleep(300); // holds the machine up: the three others are due in the meantime
        return 200;
      },
    },
    clock,
  );
  expect(figures).toMatchObject({ p50: 100, p99: 300 });
});

test("errors are counted by status and have no part in rate and latency", async () => {
  const statuses = [200, 503, 0, 200, 503];
  const figures = await drive({ rate: 5, seconds: 1, ask: async (n) => statuses[n] ?? 500 }, handClock());
  expect(figures.errors).toEqual({ "503": 2, none: 1 });
  expect(figures.achievedRate).toBe(2);
});
