/**
 * How often an experiment without an effect is told to have one when somebody looks after every user, by the always valid
 * interval and by a t-test; and how often an effect is found: `node packages/ranking/bench/peeking.ts [runs]`.
 */
import { seededSequence } from "@vitrine/vectors";
import { liftOf, momentsOf, type Outcomes } from "../src/experiments/lift.ts";

const runs = Number(process.argv[2] ?? 2_000);
const usersOfEach = 10_000;

const saves = (mean: number, random: () => number) => Math.floor(Math.log(1 - random()) / Math.log(mean / (1 + mean)));
const converts = (share: number, random: () => number) => (random() < share ? 1 : 0);

const cases = [
  { name: "saves, none better", draw: saves, control: 1, treated: 1 },
  { name: "5 % convert, none better", draw: converts, control: 0.05, treated: 0.05 },
  { name: "saves, 5 % more", draw: saves, control: 1, treated: 1.05 },
  { name: "saves, 10 % more", draw: saves, control: 1, treated: 1.1 },
  { name: "saves, 15 % more", draw: saves, control: 1, treated: 1.15 },
];

for (const { name, draw, control: controlMean, treated: treatedMean } of cases) {
  const random = seededSequence(21);
  const told = { sequential: 0, fixed: 0, users: 0 };
  for (let run = 0; run < runs; run++) {
    const [control, treated] = [outcomes(), outcomes()];
    let [isSequential, isFixed] = [false, false];
    for (let look = 1; look <= usersOfEach && !(isSequential && isFixed); look++) {
      add(control, draw(controlMean, random));
      add(treated, draw(treatedMean, random));
      const [a, b] = [momentsOf(control), momentsOf(treated)];
      const lift = a && b && liftOf(b, a);
      if (!a || !b || !lift) continue;
      if (!isSequential && (lift.alwaysValid.low > 0 || lift.alwaysValid.high < 0)) {
        isSequential = true;
        told.users += look;
      }
      if (Math.abs(a.mean - b.mean) > 1.96 * Math.sqrt(a.variance / a.users + b.variance / b.users)) isFixed = true;
    }
    told.sequential += Number(isSequential);
    told.fixed += Number(isFixed);
  }
  const percent = (count: number) => `${((100 * count) / runs).toFixed(1)} %`;
  const after = told.sequential > 0 ? `, after ${Math.round(told.users / told.sequential)} users a variant` : "";
  console.log(`${name}: told by the sequence ${percent(told.sequential)}${after}; by t-tests ${percent(told.fixed)}`);
}

function outcomes(): Outcomes {
  return { users: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };
}

function add(sums: Outcomes, x: number): void {
  sums.users += 1;
  sums.x += x;
  sums.y += 1;
  sums.xx += x * x;
  sums.xy += x;
  sums.yy += 1;
}
