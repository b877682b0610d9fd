/**
 * `npx node packages/training/bench/looks.ts PHOTOS`: what the training makes of looks, on photos in sub-folders by class.
 * 6,000 users are drawn who save ten photos each and one more that is asked for: by the photo's looks, by its class, or by
 * looks that are then exchanged among the photos. Drawn users say nothing of how much looks weigh for real ones; they show
 * that a weight is found where there is something to find, what it brings, and what the 0.2 brought that was set before.
 */
import { attractionsOf, blendScore, sightOf, weightsFor } from "@vitrine/ranking";
import { dequantise, dot, normalise, quantise, seededSequence } from "@vitrine/vectors";
import { visualDimensions, visualEncoder } from "@vitrine/vision";
import { readPhotos } from "@vitrine/vision/photos";
import {
  type Catalogue,
  type Evaluation,
  evaluate,
  negativesPerUser,
  type Pictures,
  type ScoreItems,
  savesOf,
  Training,
  trainingSettings,
  usersSpread,
} from "../src/index.ts";
import { exchanged, kernelModule, picturesOf } from "../src/testing/drawn-saves.ts";

const [directory] = process.argv.slice(2);
if (!directory) throw new Error("Name a folder with a sub-folder of JPEG photos for each class.");
const users = 6_000;
const savesPerUser = 10;
const settings = trainingSettings.parse({ dimensions: 32 });
const random = seededSequence(3);

const looks: Float32Array[] = [];
const classes: string[] = [];
for await (const { folder, raster } of readPhotos(directory)) {
  looks.push(dequantise(quantise(visualEncoder.encode(raster))));
  classes.push(folder);
}
const items = looks.length;
const pictures = picturesOf(looks);
console.log(`${items} photos of ${new Set(classes).size} classes, ${users} users with ${savesPerUser} saves`);

/** How much more often a twin of what the user has in mind is saved than a photo that has nothing of it: e^8, e^4. */
report("by looks, strongly", drawn(byLooks(8)), pictures);
report("by looks, weakly", drawn(byLooks(4)), pictures);
report("by class", drawn(byClass), pictures);
report("by looks that are exchanged", drawn(byLooks(8)), exchanged(pictures, random));

type Saving = () => (item: number) => number;

function byLooks(strength: number): Saving {
  return () => {
    const start = looks[Math.floor(random() * items)] ?? new Float32Array();
    const mind = normalise(start.map((value) => value + 0.05 * (random() - 0.5)));
    return (item) => Math.exp(strength * dot(mind, looks[item] ?? mind));
  };
}

/** A class, and of it above all a quarter, for reasons that are not to be seen. */
function byClass(): (item: number) => number {
  const start = Math.floor(random() * items);
  return (item) => (classes[item] === classes[start] ? (item % 4 === start % 4 ? 20 : 5) : 1);
}

function drawn(saving: Saving): number[][] {
  return Array.from({ length: users }, () => {
    const worthOf = saving();
    const sums = new Float64Array(items);
    for (let item = 0; item < items; item++) sums[item] = (sums[item - 1] ?? 0) + worthOf(item);
    const chosen = new Set<number>();
    while (chosen.size <= savesPerUser) {
      const at = random() * (sums[items - 1] ?? 0);
      chosen.add(sums.findIndex((sum) => sum > at));
    }
    return [...chosen];
  });
}

function report(name: string, lists: readonly number[][], seen: Pictures): void {
  const saves = savesOf(
    lists.map((list) => list.slice(1)),
    items,
  );
  const module = kernelModule();
  const trainings = [seen, null].map((each) => {
    const training = new Training(module, { saves, pictures: each }, settings);
    while (training.stage !== "done") training.advance();
    return { catalogue: training.catalogue(), blend: training.model().findings.blend };
  });
  const [seeing, blind] = trainings;
  if (!seeing || !blind) return;
  console.log(`\n${name}`);
  for (const { fromActions, weights, scoreOfLikeness } of seeing.blend) {
    console.log(`  from ${fromActions}: ${weights.join(" ")}, of likeness alone ${scoreOfLikeness}`);
  }
  const held = {
    saves,
    items: lists.map(([first = 0]) => first),
    negativesOf: (user: number) => negatives(user, lists),
  };
  const by = (what: string, score: ScoreItems) =>
    console.log(`  ${what.padEnd(12)} ${line(evaluate(held, score, { users: usersSpread(users, 2_000) }))}`);
  by("learned", (told, scores) => seeing.catalogue.score(told, scores, seeing.blend));
  by("0.2 as set", (told, scores) => scoreAsSet(seeing.catalogue, { told, scores, blend: blind.blend, seen }));
  by("none", (told, scores) => blind.catalogue.score(told, scores, blind.blend));
}

/** The score of before: the blend bent to 0..1, and a fifth of the cosine. */
function scoreAsSet(
  catalogue: Catalogue,
  {
    told,
    scores,
    blend,
    seen,
  }: { told: Uint32Array; scores: Float32Array; blend: Parameters<typeof weightsFor>[0]; seen: Pictures },
): void {
  const { vector, walk } = catalogue.evidenceFor(told);
  const weights = weightsFor(blend, told.length);
  const rowOf = (item: number) => seen.embeddings.subarray(item * visualDimensions, (item + 1) * visualDimensions);
  const owned = Array.from(told, (item) => ({ embedding: rowOf(item), weight: 1, occurredAt: 0 }));
  const bySight = sightOf(attractionsOf(owned, 0));
  for (let item = 0; item < items; item++) {
    const evidence = { vector: vector[item] ?? 0, walk: walk[item] ?? 0, saves: catalogue.popularity[item] ?? 0 };
    const score = blendScore({ ...evidence, likeness: 0 }, weights);
    scores[item] = (score > 0 ? score / (score + 3) : score / 3) + 0.2 * bySight(dequantise(rowOf(item)));
  }
}

function negatives(user: number, lists: readonly number[][]): number[] {
  const own = new Set(lists[user]);
  const next = seededSequence(user + 1);
  const found = new Set<number>();
  while (found.size < negativesPerUser) {
    const item = Math.floor(next() * items);
    if (!own.has(item)) found.add(item);
  }
  return [...found];
}

function line({ sampled, full }: Evaluation): string {
  return `sampled HR@10 ${sampled.hitRateAt10.toFixed(4)} · full ${full.hitRateAt10.toFixed(4)}`;
}
