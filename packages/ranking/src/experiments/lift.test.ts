import { seededSequence } from "@vitrine/vectors";
import { describe, expect, test } from "vitest";
import { normalQuantile } from "./distributions.ts";
import { liftOf, type Moments, momentsOf, type Outcomes, usersNeeded } from "./lift.ts";

const empty = (): Outcomes => ({ users: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 });

function add(outcomes: Outcomes, x: number, y = 1): void {
  outcomes.users += 1;
  outcomes.x += x;
  outcomes.y += y;
  outcomes.xx += x * x;
  outcomes.xy += x * y;
  outcomes.yy += y * y;
}

/** Saves of a user are like this: geometric, so most save nothing and some a lot; variance mean · (1 + mean). */
const saves = (mean: number, random: () => number) => Math.floor(Math.log(1 - random()) / Math.log(mean / (1 + mean)));

const moments = (outcomes: Outcomes): Moments => momentsOf(outcomes) ?? { users: 0, mean: 0, variance: 0 };

test("moments are mean and unbiased variance by user", () => {
  const outcomes = empty();
  for (const x of [0, 1, 2, 5]) add(outcomes, x);
  expect(momentsOf(outcomes)).toEqual({ users: 4, mean: 2, variance: 14 / 3 });
  expect(momentsOf(empty())).toBeNull();
});

test("of a ratio, the variance is that of its linearisation, as repeated samples have it", () => {
  const random = seededSequence(5);
  const ratios: number[] = [];
  const predicted: number[] = [];
  for (let sample = 0; sample < 1_000; sample++) {
    const outcomes = empty();
    for (let user = 0; user < 300; user++) {
      const closeups = 1 + saves(3, random);
      let saved = 0;
      for (let i = 0; i < closeups; i++) if (random() < 0.3) saved += 1;
      add(outcomes, saved, closeups);
    }
    const { mean, variance, users } = moments(outcomes);
    ratios.push(mean);
    predicted.push(variance / users);
  }
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mean = average(ratios);
  const observed = average(ratios.map((ratio) => (ratio - mean) ** 2));
  expect(mean).toBeCloseTo(0.3, 2);
  expect(average(predicted) / observed).toBeGreaterThan(0.85);
  expect(average(predicted) / observed).toBeLessThan(1.15);
});

test("the lift and its interval are those of the arithmetic by hand", () => {
  const control = { users: 1_000, mean: 1, variance: 2 };
  const treated = { users: 1_000, mean: 1.2, variance: 2.4 };
  const result = liftOf(treated, control);
  // ln 1.2 ± 1.96 · sqrt(2 / 1000 + 2.4 / 1.44 / 1000) = 0.18232 ± 0.11868
  expect(result?.lift).toBeCloseTo(0.2, 12);
  expect(result?.interval.low).toBeCloseTo(Math.expm1(0.182322 - 0.118683), 4);
  expect(result?.interval.high).toBeCloseTo(Math.expm1(0.182322 + 0.118683), 4);
  expect(result?.alwaysValid.low).toBeLessThan(result?.interval.low ?? 0);
});

test("the always valid p value falls below alpha exactly where its interval leaves zero", () => {
  const control = { users: 4_000, mean: 1, variance: 2 };
  for (let mean = 1; mean < 1.25; mean += 0.005) {
    for (const comparisons of [1, 3]) {
      const { alwaysValid } = liftOf({ users: 3_000, mean, variance: 2 }, control, { comparisons }) ?? {};
      if (!alwaysValid) throw new Error("there is enough to say");
      expect(alwaysValid.pValue < 0.05).toBe(alwaysValid.low > 0);
    }
  }
});

test("nothing is told of few users, or of a mean that is hardly known", () => {
  const control = { users: 5_000, mean: 1, variance: 2 };
  expect(liftOf({ users: 99, mean: 2, variance: 1 }, control)).toBeNull();
  expect(liftOf({ users: 500, mean: 0.01, variance: 0.01 }, control)).toBeNull(); // five saves in all
  expect(liftOf({ users: 500, mean: 0, variance: 0 }, control)).toBeNull();
  expect(usersNeeded({ users: 50, mean: 1, variance: 1 }, 0.1)).toBeNull();
});

test("the users that an effect needs find it in four of five experiments", () => {
  const random = seededSequence(3);
  const users = usersNeeded({ users: 1_000, mean: 1, variance: 2 }, 0.2) ?? 0;
  let found = 0;
  for (let run = 0; run < 400; run++) {
    const [control, treated] = [empty(), empty()];
    for (let i = 0; i < users; i++) {
      add(control, saves(1, random));
      add(treated, saves(1.2, random));
    }
    if ((liftOf(moments(treated), moments(control))?.interval.low ?? -1) > 0) found += 1;
  }
  expect(found / 400).toBeGreaterThan(0.74);
  expect(found / 400).toBeLessThan(0.88);
});

describe("looked at after every user", () => {
  const looks = 5_000;
  const runs = 500;

  /** How many of the runs were ever told of an effect, by the sequence and by a t-test at each look. */
  function peek(means: { control: number; treated: number }, seed: number, draw = saves) {
    const random = seededSequence(seed);
    const bound = normalQuantile(0.975);
    const told = { sequential: 0, fixed: 0 };
    for (let run = 0; run < runs; run++) {
      const [control, treated] = [empty(), empty()];
      let [isSequential, isFixed] = [false, false];
      for (let look = 0; look < looks && !(isSequential && isFixed); look++) {
        add(control, draw(means.control, random));
        add(treated, draw(means.treated, random));
        const [a, b] = [moments(control), moments(treated)];
        const result = liftOf(b, a);
        if (!result) continue;
        const { low, high } = result.alwaysValid;
        if (low > 0 || high < 0) isSequential = true;
        const standardError = Math.sqrt(a.variance / a.users + b.variance / b.users);
        if (Math.abs(a.mean - b.mean) > bound * standardError) isFixed = true;
      }
      if (isSequential) told.sequential += 1;
      if (isFixed) told.fixed += 1;
    }
    return { sequential: told.sequential / runs, fixed: told.fixed / runs };
  }

  test("two variants that are the same differ in at most 5 % of experiments, where a t-test says so in a third", () => {
    const rate = peek({ control: 1, treated: 1 }, 11);
    expect(rate.sequential).toBeLessThanOrEqual(0.05);
    expect(rate.fixed).toBeGreaterThan(0.25);
  });

  test("the same holds where few save anything", () => {
    const converts = (share: number, random: () => number) => (random() < share ? 1 : 0);
    const rate = peek({ control: 0.05, treated: 0.05 }, 12, converts);
    expect(rate.sequential).toBeLessThanOrEqual(0.05);
  });

  test("fifteen per cent more is found in most experiments", () => {
    expect(peek({ control: 1, treated: 1.15 }, 13).sequential).toBeGreaterThan(0.8);
  });
});
