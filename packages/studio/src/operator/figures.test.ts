import { expect, test } from "vitest";
import { change, count, mean, pValue, range, share } from "./figures.ts";

test("a change has its sign, and nothing has none", () => {
  expect([0.0423, -0.003, 0, -0.0004, 1.5].map(change)).toEqual(["+4.2 %", "−0.3 %", "0.0 %", "0.0 %", "+150.0 %"]);
  expect(range({ low: -0.021, high: 0.2 })).toBe("−2.1 % to +20.0 %");
});

test("a share has the decimals that it takes", () => {
  expect([1, 0.5, 0.2, 0.0001, 0.3333, 0.07].map(share)).toEqual(["100 %", "50 %", "20 %", "0.01 %", "33.33 %", "7 %"]);
});

test("a p value is told to two figures, until it is only small", () => {
  expect([1, 0.0456, 0.00012, 0.0000999, 0].map(pValue)).toEqual(["1", "0.046", "0.00012", "< 0.0001", "< 0.0001"]);
});

test("counts are grouped, means have three figures", () => {
  expect(count(1234567)).toBe("1,234,567");
  expect([1.23456, 0.034567, 12.3456].map(mean)).toEqual(["1.23", "0.0346", "12.3"]);
});
