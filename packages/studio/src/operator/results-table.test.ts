import type { ExperimentResults, VariantResult } from "@vitrine/contracts";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ResultsTable } from "./results-table.tsx";

const untold: VariantResult = {
  ...{ variant: "control", users: 1900, mean: 0.53412, variance: 1, lift: null },
  ...{ interval: null, alwaysValidInterval: null, alwaysValidPValue: null },
};
const told: VariantResult = {
  ...{ variant: "double", users: 1850, mean: 0.6, variance: 1, lift: 0.123 },
  ...{ interval: { low: 0.05, high: 0.2 }, alwaysValidInterval: { low: -0.01, high: 0.26 }, alwaysValidPValue: 0.0712 },
};

/** The words of each row, cell by cell. */
function rowsOf(variants: VariantResult[], isMismatched = false): string[][] {
  const results: ExperimentResults = {
    ...{ experimentId: "x", status: "running", metric: "saves-per-user", variants, winner: null },
    ...{ sampleRatio: { pValue: 0.5, isMismatched }, verdict: "undecided", sentence: "", usersNeeded: null },
    ...{ isTruncated: false, until: "2026-11-20T12:00:00.000Z" },
  };
  const html = renderToStaticMarkup(createElement(ResultsTable, { results, metric: "saves a user" }));
  const cellsOf = (row: string) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, words]) => words ?? "");
  return [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) => cellsOf(row ?? ""));
}

test("each number stands below its name", () => {
  const [head, control, double] = rowsOf([untold, told]);
  expect(head).toHaveLength(7);
  expect(control).toEqual(["control", "1,900", "0.534", "what the others are compared with"]);
  expect(head?.map((name, i) => [name, double?.[i]])).toEqual([
    ["Variant", "double"],
    ["Users", "1,850"],
    ["saves a user", "0.6"],
    ["Lift", "+12.3 %"],
    ["Always valid, 95 %", "−1.0 % to +26.0 %"],
    ["One planned look, 95 %", "+5.0 % to +20.0 %"],
    ["p, always valid", "0.071"],
  ]);
});

test("where no lift is told, it says why", () => {
  const silent = { ...untold, variant: "double", mean: null };
  expect(rowsOf([untold, silent])[2]).toEqual(["double", "1,900", "–", "too little to say"]);
  expect(rowsOf([untold, silent], true)[2]?.[3]).toBe("not told");
});
