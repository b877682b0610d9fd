/**
 * `npx node packages/training/bench/interests.ts FOLDER ARTIFACT`: what sharing fragments among users of like taste costs.
 * Trains on FOLDER/train.txt.gz without the items of FOLDER/val.txt, unless ARTIFACT has the model already, and prints for
 * numbers of interests and of fragments a page: full HR@10 against ranking the whole catalogue exactly, and the share of
 * pages that find all their fragments made, for 10,000 users of whom few come often (Zipf).
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { userVectorOf } from "@vitrine/ranking";
import { dot, kMeans, normalise, seededSequence } from "@vitrine/vectors";
import {
  artifactParts,
  bestOf,
  catalogueOf,
  itemsOf,
  modelOf,
  readArtifact,
  type Saves,
  Training,
  trainingSettings,
  usersSpread,
  vectorOf,
} from "../src/index.ts";
import { kernelModule } from "../src/testing/drawn-saves.ts";
import { readSaves } from "./saves-folder.ts";

const [folder = "../shared/data/saves", file = "/tmp/interests.model"] = process.argv.slice(2);
const askedUsers = 4_000;
/** Users of whom the interests are learned. */
const sampledUsers = 12_000;
const fragmentSize = 100;

const { saves, heldOut } = readSaves(folder);
const { items } = saves;
const module = kernelModule();
if (!existsSync(file)) train();
const model = readArtifact(new Uint8Array(readFileSync(file)));
const catalogue = catalogueOf(module, model);
const vectors = Array.from({ length: items }, (_, item) => vectorOf(model.vectors, item));
const basis = { ...model.header.ials, gramian: model.gramian, items };
const asked = usersSpread(saves.users, askedUsers);
const askedVectors = asked.map((user) => directionOf(saves, user));
const neighboursOf = (item: number, count: number) => {
  const { keep, counts, items: ids } = model.neighbours;
  return ids.subarray(item * keep, item * keep + Math.min(count, counts[item] ?? 0));
};

/** Of each asked user, the items that score higher than the held-out one: how many are candidates decides its rank. */
const rivals = asked.map((user) => rivalsOf(user));
const exact = rivals.filter(({ items: above }) => above.length < 10).length / asked.length;
console.log(`exact ranking of ${items} items, ${asked.length} users: full HR@10 ${exact.toFixed(4)}`);
/** Fragments of the last saves: pins × length. */
const pinLists = { none: [0, 0], "1×50": [1, 50], "2×50": [2, 50], "5×50": [5, 50], "10×100": [10, 100] } as const;
for (const count of [64, 128, 256, 512]) report(count);

function train(): void {
  const settings = trainingSettings.parse({});
  const run = new Training(module, { saves }, settings);
  while (run.stage !== "done") run.advance();
  const told = { settings, users: saves.users, saves: saves.columns.length, dataFrom: null, dataThrough: null };
  const ids = Array.from({ length: items }, (_, item) => String(item));
  const parts = artifactParts(modelOf(run.model(), { ids, modelVersion: "bench", withFloats: false, ...told }));
  writeFileSync(file, Buffer.concat(parts));
}

function directionOf(from: Saves, user: number): Float32Array {
  const actions = Array.from(itemsOf(from, user), (item) => ({
    vector: vectors[item] ?? new Float32Array(),
    weight: 1,
  }));
  return normalise(userVectorOf(actions, basis));
}

function rivalsOf(user: number): { items: number[]; target: number; owned: Uint32Array } {
  const owned = itemsOf(saves, user);
  const scores = new Float32Array(items);
  catalogue.score(owned, scores, model.header.blend);
  for (const item of owned) scores[item] = Number.NEGATIVE_INFINITY;
  const target = heldOut[user] ?? 0;
  const own = scores[target] ?? 0;
  const above: number[] = [];
  for (let item = 0; item < items; item++) if (item !== target && (scores[item] ?? 0) >= own) above.push(item);
  return { items: above, target, owned };
}

function report(count: number): void {
  const sample = usersSpread(saves.users, sampledUsers).map((user) => directionOf(saves, user));
  const { centroids } = kMeans(sample, { k: count, isSpherical: true, random: seededSequence(1), maxIterations: 8 });
  const fragments = centroids.map((centre) => {
    const products = Float32Array.from(vectors, (vector) => dot(centre, vector));
    return new Set(bestOf(products, fragmentSize));
  });
  const nearest = askedVectors.map((vector) => {
    const likeness = Float32Array.from(centroids, (centre) => dot(vector, centre));
    return bestOf(likeness, 16);
  });
  for (const opened of [1, 2, 3, 4, 8, 16]) {
    const rates = Object.entries(pinLists).map(([name, [pins, length]]) => {
      const hits = asked.filter((_, i) => isHit(i, (nearest[i] ?? []).slice(0, opened), { fragments, pins, length }));
      const rate = hits.length / asked.length;
      return `${name} ${rate.toFixed(4)} (${(100 * (rate / exact - 1)).toFixed(1)} %)`;
    });
    console.log(`${count} interests, ${opened} a page: ${rates.join(" · ")} · warm ${warmShares(nearest, opened)}`);
  }
}

function isHit(
  i: number,
  opened: readonly number[],
  { fragments, pins, length }: { fragments: readonly Set<number>[]; pins: number; length: number },
): boolean {
  const { items: above = [], target = 0, owned = new Uint32Array() } = rivals[i] ?? {};
  const fromPins = new Set<number>();
  for (const item of owned.subarray(Math.max(0, owned.length - pins))) {
    for (const neighbour of neighboursOf(item, length)) fromPins.add(neighbour);
  }
  const isCandidate = (item: number) =>
    fromPins.has(item) || opened.some((interest) => fragments[interest]?.has(item) ?? false);
  if (!isCandidate(target)) return false;
  let ahead = 0;
  for (const item of above) if (isCandidate(item) && ++ahead >= 10) return false;
  return true;
}

/** Of 6,000 requests (a minute at 100 a second) from cold, and of the second half: pages that find all fragments made. */
function warmShares(nearest: readonly (readonly number[])[], opened: number): string {
  const random = seededSequence(3);
  const users = 10_000;
  const weights = Float64Array.from({ length: users }, (_, rank) => 1 / (rank + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const made = new Set<number>();
  const warm = Array.from({ length: 6_000 }, () => {
    const drawn = random() * total;
    let user = 0;
    for (let passed = weights[0] ?? 0; passed < drawn && user < users - 1; passed += weights[user] ?? 0) user++;
    const wanted = (nearest[user % nearest.length] ?? []).slice(0, opened);
    const isWarm = wanted.every((interest) => made.has(interest));
    for (const interest of wanted) made.add(interest);
    return isWarm;
  });
  const share = (part: readonly boolean[]) => `${((100 * part.filter(Boolean).length) / part.length).toFixed(1)} %`;
  return `${share(warm)}, ${share(warm.slice(3_000))}`;
}
