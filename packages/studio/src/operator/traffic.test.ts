import { StartExperiment } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { trafficOfPercent } from "./traffic.ts";

test("every percent of two decimals is the share that it says, exactly, for a share that is less by a bit is refused", () => {
  const wrong: number[] = [];
  for (let hundredths = 1; hundredths <= 10_000; hundredths++) {
    const traffic = trafficOfPercent((hundredths / 100).toFixed(2));
    if (traffic !== hundredths / 10_000 || !StartExperiment.safeParse({ traffic }).success) wrong.push(traffic);
  }
  expect(wrong).toEqual([]);
});
