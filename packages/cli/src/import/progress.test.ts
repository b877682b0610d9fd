import { expect, test } from "vitest";
import { clock, createProgress } from "./progress.ts";

test("outside a terminal a line comes now and then, with the rate of this run", () => {
  const lines: string[] = [];
  let now = 0;
  const progress = createProgress({
    total: 110,
    done: 10,
    isTerminal: false,
    print: (line) => lines.push(line),
    now: () => now,
  });
  for (let i = 0; i < 50; i++) {
    now += 200;
    progress.uploaded();
    progress.ready();
  }
  expect(lines).toEqual([
    "  34/110 ready · 35 uploaded · 4.8/s · 0:16 left",
    "  59/110 ready · 60 uploaded · 4.9/s · 0:10 left",
  ]);
  expect(progress.stop()).toBe(10);
});

test("times are minutes and seconds", () =>
  expect([clock(5), clock(125.4), clock(3600)]).toEqual(["0:05", "2:05", "60:00"]));
