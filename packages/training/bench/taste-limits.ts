/**
 * `npx node packages/training/bench/taste-limits.ts FOLDER [users]`: what the bounds of the user embedding cost in quality.
 * Trains on FOLDER as train.ts does, then finds val.txt with the exact evidence and with what is kept of it: fewer actions,
 * a Newton step for the last ones, a shorter walk. Lists of saves there have no times: the last are the last of the list.
 */
import { blendScore, curvatureOf, foldIn, meanOfUnits, productScale, weightsFor } from "@vitrine/ranking";
import { evaluate, itemsOf, Training, trainingSettings, usersSpread } from "../src/index.ts";
import { kernelModule } from "../src/testing/drawn-saves.ts";
import { readNegatives, readSaves } from "./saves-folder.ts";

const [folder = "../shared/data/saves", asked = "3000"] = process.argv.slice(2);
const { saves, heldOut } = readSaves(folder);
const { items } = saves;
const module = kernelModule();
const training = new Training(module, { saves }, trainingSettings.parse({}));
while (training.stage !== "done") training.advance();
const { findings, vectors, basis } = training.model();
const catalogue = training.catalogue();
const { itemMean, popularity } = catalogue;
const d = basis.gramian.length;

interface Bounds {
  /** Actions in the fold-in. */
  folded?: number;
  /** Of these, the last so many by a Newton step on the others. */
  stepped?: number;
  /** Items of the walk. */
  walk?: number;
}

const rowOf = (item: number) => vectors.subarray(item * d, (item + 1) * d);

function vectorOf(saved: Uint32Array, { folded = 1_000, stepped = 0 }: Bounds): Float32Array {
  const actions = Array.from(saved.toReversed(), (item) => ({ vector: rowOf(item), weight: 1 }));
  if (actions.length < 10) return meanOfUnits(actions, d);
  if (stepped === 0) return foldIn(actions, basis, { most: folded });
  const [fresh, older] = [actions.slice(0, stepped), actions.slice(stepped)];
  const vector = foldIn(older, basis, { most: folded });
  return foldIn(fresh, basis, { prior: { vector, actions: older.length, curvature: curvatureOf(older, d) } });
}

const products = new Float32Array(items);
function scoreBy(bounds: Bounds) {
  return (saved: Uint32Array, scores: Float32Array): void => {
    const { walk } = catalogue.evidenceFor(saved);
    const least = bounds.walk === undefined ? 0 : (walk.toSorted().at(-bounds.walk) ?? 0);
    const user = vectorOf(saved, bounds);
    const { mean, deviation } = productScale(user, { gramian: basis.gramian, itemMean, items });
    for (let item = 0; item < items; item++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += (user[k] ?? 0) * (vectors[item * d + k] ?? 0);
      products[item] = (sum - mean) / deviation;
    }
    const weights = weightsFor(findings.blend, saved.length);
    for (let item = 0; item < items; item++) {
      const share = walk[item] ?? 0;
      const walked = share < least ? 0 : share;
      const evidence = { vector: products[item] ?? 0, walk: walked, saves: popularity[item] ?? 0, likeness: 0 };
      scores[item] = blendScore(evidence, weights);
    }
  };
}

const held = { saves, items: heldOut, negativesOf: readNegatives(folder) };
const some = usersSpread(saves.users, Number(asked));
const many = Array.from({ length: saves.users }, (_, user) => user)
  .filter((user) => itemsOf(saves, user).length >= 48)
  .slice(0, 600);
const few = some.filter((user) => itemsOf(saves, user).length >= 12);
const rows: [string, Bounds][] = [
  ["exact", {}],
  ["1 by a step", { stepped: 1 }],
  ["3 by a step", { stepped: 3 }],
  ["10 by a step", { stepped: 10 }],
  ["16 in the fold-in", { folded: 16 }],
  ["32 in the fold-in", { folded: 32 }],
  ["64 in the fold-in", { folded: 64 }],
  ["walk 300", { walk: 300 }],
  ["walk 500", { walk: 500 }],
  ["walk 1,000", { walk: 1_000 }],
  ["walk 2,000", { walk: 2_000 }],
];
for (const [name, users] of [
  ["spread users", few],
  ["48 saves and more", many],
] as const) {
  console.log(`${name}: ${users.length}`);
  for (const [label, bounds] of rows) {
    const { sampled, full } = evaluate(held, scoreBy(bounds), { users });
    const pair = [sampled, full].map(({ hitRateAt10, ndcgAt10 }) => `${hitRateAt10.toFixed(4)} ${ndcgAt10.toFixed(4)}`);
    console.log(`  ${label.padEnd(20)} sampled ${pair[0]} · full ${pair[1]}`);
  }
}
