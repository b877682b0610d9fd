import { Problem } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { exhaustedFailure, retryDelaySeconds, setbackOf } from "./outcomes.ts";

/** An error as it arrives from another Worker: the class is lost, `code` is kept. */
const remote = (code: string) => Object.assign(new Error("Problem: Send it smaller."), { code });

test.each([
  ["a refusal of the input", new Problem("payload-too-large", "Send it smaller."), true, "Send it smaller."],
  ["a refusal by another Worker", remote("too-many-pixels"), true, "Send it smaller."],
  ["too many requests", new Problem("too-many-requests", "Wait."), false, exhaustedFailure],
  ["something unavailable", new Problem("unavailable", "Try later."), false, exhaustedFailure],
  ["anything unknown, told without its words", new TypeError("secret internals"), false, exhaustedFailure],
  ["a code of somebody else's", remote("ECONNRESET"), false, exhaustedFailure],
])("%s", (_, error, isFinal, sentence) => {
  expect(setbackOf(error)).toEqual({ isFinal, sentence });
});

test("each try waits twice as long as the one before", () => {
  expect([1, 2, 3, 4].map(retryDelaySeconds)).toEqual([5, 10, 20, 40]);
  expect(retryDelaySeconds(1_000)).toBeLessThan(24 * 3600); // what a queue takes
});
