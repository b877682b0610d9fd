import { expect, test } from "vitest";
import { type EvalFeedReport, reportLines } from "./report.ts";

const figures = { users: 40, hitRateAt10: 0.5, ndcgAt10: 0.25, hitRateError: 0.08, ndcgError: 0.04 };
const full = { ...figures, hitRateAt10: 0.1, coverageAt10: 0.3 };
const report: EvalFeedReport = {
  data: { users: 40, pins: 90, saves: 700, takenOut: 40, negativesPerUser: 99 },
  model: {
    version: "m0000000001",
    status: "serving",
    createdAt: "2026-11-01T00:00:00.000Z",
    dimensions: 128,
    users: 40,
    pins: 90,
    saves: 700,
    metrics: null,
    note: "It serves.",
    progress: 1,
  },
  trainingSeconds: 12.34,
  sampled: figures,
  full,
  popularity: { sampled: figures, full },
  newUsers: [
    { known: 1, figures },
    { known: "all", figures },
  ],
  fragments: { without: full, users: 30, relative: -0.02, difference: -0.002, differenceError: 0.003 },
  reasons: { fresh: 1, taste: 99 },
  troubles: { errors: { 500: 2 }, degraded: {} },
  steps: { Training: 75 },
  totalSeconds: 3_659.7,
  peakWorkerdBytes: 2 ** 30,
  peakCommandBytes: 2 ** 20,
};

test("figures stand beside those of plain models, each with its error", () => {
  const lines = reportLines(report);
  const lineOf = (start: string) => lines.find((line) => line.startsWith(start)) ?? "";
  expect(lineOf("HR@10 among 99")).toMatch(/40 +0\.5000 +0\.0800 +0\.9111 +0\.8904$/);
  expect(lineOf("coverage@10 of the feed")).toMatch(/0\.3000 +– +0\.3000 +0\.4000$/);
  expect(lineOf("new users, 1 saved")).toMatch(/0\.5000 +0\.0800 +0\.8000 +0\.7840$/);
  expect(lineOf("new users, all saves")).toMatch(/0\.0800 +– +0\.8925$/);
  expect(lineOf("  fragments change HR@10 by -2.0 %")).toMatch(/30 +-0\.0020 +0\.0030 +– +–$/);
});

test("below it stands what it took, and what went wrong", () => {
  const text = reportLines(report).join("\n");
  expect(text).toContain("Pins on the pages: 99 taste, 1 fresh.");
  expect(text).toContain("Answers without something: none. Questions without an answer: 2 500.");
  expect(text).toContain("61:00 in all: training 1:15.");
  expect(text).toContain("At most 1024 MiB in workerd");
});

test("without new users and without a comparison their lines are not there", () => {
  const text = reportLines({ ...report, newUsers: [], fragments: null }).join("\n");
  expect(text).not.toMatch(/new users|fragments/);
});
