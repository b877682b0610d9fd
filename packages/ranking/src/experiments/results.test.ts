import { expect, test } from "vitest";
import type { Outcomes } from "./lift.ts";
import { judge } from "./results.ts";

const experiment = {
  status: "running" as const,
  minimumDetectableEffect: 0.1,
  variants: [
    { name: "control", share: 0.5, settings: {} },
    { name: "diverse", share: 0.25, settings: { crowdingWeight: 0.5 } },
    { name: "fresh", share: 0.25, settings: { weights: { freshness: 0.2 } } },
  ],
};

/** Users of the given mean whose variance is as large as it. */
const outcome = (users: number, mean: number): Outcomes => ({
  users,
  x: users * mean,
  y: users,
  xx: users * (mean + mean * mean),
  xy: users * mean,
  yy: users,
});

const judged = (control: Outcomes, diverse: Outcomes, fresh: Outcomes, status: "running" | "stopped" = "running") =>
  judge({ ...experiment, status }, new Map(Object.entries({ control, diverse, fresh })));

test("a variant that is surely better wins, and of two the better", () => {
  const one = judged(outcome(10_000, 1), outcome(5_000, 1.2), outcome(5_000, 1.01));
  expect(one).toMatchObject({ verdict: "winner", winner: "diverse" });
  expect(one.sentence).toMatch(/^diverse is better than control, by 1\d\.\d % to 2\d\.\d %\.$/);
  expect(judged(outcome(10_000, 1), outcome(5_000, 1.2), outcome(5_000, 1.3)).winner).toBe("fresh");
  expect(one.variants[0]).toMatchObject({ variant: "control", users: 10_000, mean: 1, lift: null, interval: null });
  expect(one.variants[1]?.lift).toBeCloseTo(0.2, 10);
});

test("nothing is certain of small differences, and the control wins when all others are worse", () => {
  expect(judged(outcome(10_000, 1), outcome(5_000, 1.01), outcome(5_000, 0.8))).toMatchObject({ verdict: "undecided" });
  expect(judged(outcome(10_000, 1), outcome(5_000, 0.8), outcome(5_000, 0.8))).toMatchObject({
    verdict: "control-wins",
    winner: null,
  });
  expect(judged(outcome(10_000, 1), outcome(5_000, 1), outcome(5_000, 1), "stopped").sentence).toMatch(/^No variant/);
});

test("with users that are not in the shares nothing is told but that", () => {
  const broken = judged(outcome(10_000, 1), outcome(5_000, 1.5), outcome(5_500, 1.5));
  expect(broken).toMatchObject({ verdict: "broken", winner: null, sampleRatio: { isMismatched: true } });
  expect(
    broken.variants.every(({ lift, interval, alwaysValidInterval }) => !lift && !interval && !alwaysValidInterval),
  ).toBe(true);
});

test("without users there is nothing to say, and no error", () => {
  const nothing = judge({ ...experiment, status: "draft" }, new Map());
  expect(nothing).toMatchObject({ verdict: "not-started", usersNeeded: null, sampleRatio: { pValue: null } });
  expect(nothing.variants.map(({ users, mean }) => [users, mean])).toEqual([
    [0, null],
    [0, null],
    [0, null],
  ]);
  expect(judge(experiment, new Map([["control", outcome(3, 0)]])).verdict).toBe("undecided");
});

test("several variants share the error: what would do against one control does not among three", () => {
  const sure = (count: number) => {
    const variants = Array.from({ length: count }, (_, i) => ({ name: `v${i}`, share: 1 / count, settings: {} }));
    const outcomes = new Map(variants.map(({ name }, i) => [name, outcome(5_000, i === 1 ? 1.08 : 1)]));
    return judge({ variants, status: "running", minimumDetectableEffect: null }, outcomes);
  };
  expect(sure(2).variants[1]?.alwaysValidInterval?.low).toBeGreaterThan(
    sure(8).variants[1]?.alwaysValidInterval?.low ?? 1,
  );
  expect(sure(2).variants[1]?.interval).toEqual(sure(8).variants[1]?.interval);
});
