/**
 * `npx node packages/training/bench/train.ts FOLDER [setting=value …]`: trains on FOLDER/train.txt.gz without the items of
 * FOLDER/val.txt and prints seconds a stage, memory, and what the model finds of val.txt by FOLDER/val-negatives.u16le.gz.
 * `pictures` gives every item a picture drawn by chance: what looking at 9,836 of them costs, and that they change nothing.
 * `unseen` leaves 6,000 users out of the training and prints the table of new users alone, for those.
 * `node --expose-gc` measures the memory that is in use; without it, what is yet to be collected counts as well.
 * The training draws its own validation items from what is left; val.txt decides nothing.
 */
import { seededSequence } from "@vitrine/vectors";
import {
  artifactParts,
  type Catalogue,
  catalogueOf,
  type Evaluation,
  evaluate,
  itemsOf,
  modelOf,
  type Pictures,
  readArtifact,
  type Saves,
  type ScoreItems,
  savesOf,
  Training,
  trainingSettings,
  usersSpread,
} from "../src/index.ts";
import { kernelModule } from "../src/testing/drawn-saves.ts";
import { readNegatives, readSaves } from "./saves-folder.ts";

const [folder = "../shared/data/saves", ...words] = process.argv.slice(2);
const isUnseen = words.includes("unseen");
const pairs = words.filter((word) => word.includes("="));
const settings = trainingSettings.parse(
  Object.fromEntries(pairs.map((pair) => [pair.split("=")[0], Number(pair.split("=")[1])])),
);
const { saves, heldOut } = readSaves(folder);
const { items } = saves;
const newUsers = usersSpread(saves.users, 6_000);
const trained = isUnseen ? withoutUsers(new Set(newUsers)) : saves;
const module = kernelModule();
const held = { saves, items: heldOut, negativesOf: readNegatives(folder) };

const pictures = words.includes("pictures") ? picturesByChance() : null;

const vectorsAlone = { fromActions: 0, weights: [1, 0, 0, 0] };

console.log(`${saves.users} users, ${items} items, ${saves.columns.length} saves, d ${settings.dimensions}`);
const training = train();
const { findings } = training.model();
for (const { fromActions, weights } of findings.blend) console.log(`  blend from ${fromActions}: ${weights.join(" ")}`);
if (findings.evaluation) console.log(`own validation  ${line(findings.evaluation)}`);
report();

function train(): Training {
  globalThis.gc?.();
  const before = memory();
  let peak = before;
  const seconds = new Map<string, number>();
  const started = performance.now();
  const cpu = process.cpuUsage();
  const run = new Training(module, { saves: trained, pictures }, settings);
  for (let slice = 0; run.stage !== "done"; slice++) {
    const from = performance.now();
    const { stage } = run.advance();
    seconds.set(stage, (seconds.get(stage) ?? 0) + (performance.now() - from) / 1_000);
    if (slice % 8 === 0) globalThis.gc?.();
    peak = Math.max(peak, memory() + run.kernelBytes);
  }
  const total = (performance.now() - started) / 1_000;
  const stages = [...seconds].map(([stage, spent]) => `${stage} ${spent.toFixed(1)} s`).join(", ");
  const { user, system } = process.cpuUsage(cpu);
  console.log(`training ${total.toFixed(1)} s, of the processor ${((user + system) / 1e6).toFixed(1)} s (${stages})`);
  console.log(`kernels ${megabytes(run.kernelBytes)}, with JavaScript's at most ${megabytes(peak - before)}`);
  return run;
}

function report(): void {
  const all = usersSpread(saves.users, saves.users);
  const some = usersSpread(saves.users, 8_000);
  const catalogue = training.catalogue();
  const by = (name: string, users: number[], score: ScoreItems, known?: number) => {
    const told = known === undefined ? { users } : { users, known };
    console.log(`${name.padEnd(24)} ${line(evaluate(held, score, told))}`);
  };
  const blended: ScoreItems = (told, scores) => catalogue.score(told, scores, findings.blend);
  for (const known of [1, 3, 5, 10]) {
    const few = newUsers.filter((user) => itemsOf(saves, user).length >= known);
    by(`blend, ${known} known`, few, blended, known);
    by(`vectors, ${known} known`, few, (told, scores) => catalogue.score(told, scores, [vectorsAlone]), known);
  }
  if (isUnseen) return;
  by("blend, all users", all, blended);
  by("blend, 8,000", some, blended);
  const stored = throughArtifact();
  by("blend, int8, 8,000", some, (told, scores) => stored.score(told, scores, findings.blend));
  for (const [name, weights] of [
    ["vectors alone, 8,000", [1, 0, 0, 0]],
    ["neighbours alone, 8,000", [0, 0, 1, 0]],
    ["popularity, 8,000", [0, 0, 0, 1]],
  ] as const) {
    by(name, some, (told, scores) => catalogue.score(told, scores, [{ fromActions: 0, weights }]));
  }
}

function picturesByChance(): Pictures {
  const random = seededSequence(9);
  const dimensions = 128;
  return { dimensions, embeddings: Uint8Array.from({ length: items * dimensions }, () => 256 * random()) };
}

function withoutUsers(left: ReadonlySet<number>): Saves {
  return savesOf(
    Array.from({ length: saves.users }, (_, user) => (left.has(user) ? [] : itemsOf(saves, user))),
    items,
  );
}

/** Written and read back, with int8 vectors. */
function throughArtifact(): Catalogue {
  const parts = artifactParts(
    modelOf(training.model(), {
      ids: Array.from({ length: items }, (_, item) => String(item)),
      modelVersion: "bench",
      settings,
      users: saves.users,
      saves: saves.columns.length,
      dataFrom: null,
      dataThrough: null,
      withFloats: true,
    }),
  );
  const bytes = Buffer.concat(parts);
  console.log(`artifact ${megabytes(bytes.byteLength)}`);
  return catalogueOf(module, readArtifact(bytes));
}

function line({ sampled, full, coverageAt10 }: Evaluation): string {
  const pair = (name: string, { hitRateAt10, ndcgAt10 }: Evaluation["full"]) =>
    `${name} HR@10 ${hitRateAt10.toFixed(4)} NDCG@10 ${ndcgAt10.toFixed(4)}`;
  return `${pair("sampled", sampled)} · ${pair("full", full)} · coverage ${coverageAt10.toFixed(3)}`;
}

/** The JavaScript heap and the arrays beside it; the memory of WebAssembly is not in these. */
function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
