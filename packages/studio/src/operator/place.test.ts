import { expect, test } from "vitest";
import { experimentAddress, experimentsAddress, modelsAddress, operatorPlaceOf } from "./place.ts";

test("an address says what an operator looks at", () => {
  expect(operatorPlaceOf(experimentsAddress)).toEqual({ page: "experiments" });
  expect(operatorPlaceOf(`${experimentsAddress}/`)).toEqual({ page: "experiments" });
  expect(operatorPlaceOf(experimentAddress("more-diverse-1"))).toEqual({ page: "experiment", id: "more-diverse-1" });
  expect(operatorPlaceOf(modelsAddress)).toEqual({ page: "models" });
});

test.each([
  "",
  "#/",
  "#/pin/pin_01j9zq4k3m8x7c2v5b",
  "#/operator",
  "#/operator/models/m1",
  "#/operator/experiments/../x",
  "#/operator/experiments/A%20b",
])("%j is the wall's", (hash) => {
  expect(operatorPlaceOf(hash)).toBeNull();
});
