import type { ExperimentResults, VariantResult } from "@vitrine/contracts";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { IntervalPlot } from "./interval-plot.tsx";

const unknown: VariantResult = {
  ...{ variant: "control", users: 900, mean: 1, variance: 1, lift: null },
  ...{ interval: null, alwaysValidInterval: null, alwaysValidPValue: null },
};
const diverse: VariantResult = {
  ...{ variant: "diverse", users: 900, mean: 1.2, variance: 1, lift: 0.2 },
  ...{ interval: { low: 0.1, high: 0.3 }, alwaysValidInterval: { low: 0.05, high: 0.35 }, alwaysValidPValue: 0.01 },
};

function drawn(variants: VariantResult[], { winner = null as string | null, wanted = null as number | null } = {}) {
  const results: ExperimentResults = {
    ...{ experimentId: "x", status: "running", metric: "saves-per-user", variants, winner },
    ...{ sampleRatio: { pValue: 0.5, isMismatched: false }, verdict: "undecided", sentence: "", usersNeeded: null },
    ...{ isTruncated: false, until: "2026-11-20T12:00:00.000Z" },
  };
  return renderToStaticMarkup(createElement(IntervalPlot, { results, wanted }));
}
const times = (html: string, what: string) => html.split(what).length - 1;

test("each variant but the control has a row that says its lift and what holds at all looks", () => {
  const html = drawn([unknown, diverse, { ...diverse, variant: "fresh", lift: -0.02 }]);
  expect(html).toContain('aria-label="diverse: +20.0 %, and whenever one looks +5.0 % to +35.0 %"');
  expect(html).toContain('aria-label="fresh: −2.0 %');
  expect(times(html, 'role="img"')).toBe(2);
});

test("the wider interval is drawn around the narrower one, and the lift within", () => {
  const html = drawn([unknown, diverse]);
  const [band, line] = ["plot__band", "plot__line"].map((name) => {
    const [, x, width] = new RegExp(`class="${name}" x="([\\d.]+)%" width="([\\d.]+)%"`).exec(html) ?? [];
    return { start: Number(x), end: Number(x) + Number(width) };
  });
  const point = Number(/cx="([\d.]+)%"/.exec(html)?.[1]);
  const order = [band?.start, line?.start, point, line?.end, band?.end].map(Number);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(new Set(order).size).toBe(5);
});

test("only the winner has the red dot, and only an effect looked for its line", () => {
  expect(times(drawn([unknown, diverse]), "plot__winner")).toBe(0);
  expect(times(drawn([unknown, diverse], { winner: "diverse" }), "plot__winner")).toBe(1);
  expect(drawn([unknown, diverse])).not.toContain("plot__wanted");
  expect(times(drawn([unknown, diverse], { wanted: 0.1 }), 'class="plot__wanted"')).toBe(1);
});

test("a variant of which nothing can be told yet says so, and nothing is drawn when that is all", () => {
  const html = drawn([unknown, diverse, { ...unknown, variant: "small" }]);
  expect(html).toContain('aria-label="small: too little to say"');
  expect(times(html, 'class="plot__band"')).toBe(1);
  expect(drawn([unknown, { ...unknown, variant: "small" }])).toBe("");
});
