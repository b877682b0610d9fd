import { expect, test } from "vitest";
import { median, percentile } from "./percentile.ts";

test("a percentile is the nearest rank, whatever the order", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1);
  expect([0, 0.01, 0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([1, 1, 50, 99, 100]);
});

test("a median is one of the numbers, and none of none", () => {
  expect(median([30, 10, 20])).toBe(20);
  expect(median([4, 1, 3, 2])).toBe(2);
  expect(median([])).toBeNaN();
});

test("numbers are compared as numbers, and left as they were", () => {
  const numbers = [9, 100, 20];
  expect(percentile(numbers, 1)).toBe(100);
  expect(numbers).toEqual([9, 100, 20]);
});
