/** Training here, from a file of saves: the same code as in a stack, and its metrics on the caller's own held-out items. */
import { createWriteStream, readFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { TrainModel } from "@vitrine/contracts";
import {
  artifactParts,
  catalogueOf,
  type Evaluation,
  evaluate,
  itemsOf,
  modelOf,
  readArtifact,
  type Saves,
  savesOf,
  Training,
  trainingSettings,
  usersSpread,
  without,
} from "@vitrine/training";
import { readHeldOut, readLists } from "../eval-feed/files.ts";
import { columns } from "../measures/columns.ts";
import { inRoot } from "../project.ts";
import { Refusal } from "../refusal.ts";
import type { TrainProgress } from "./progress.ts";

export interface OfflineOptions {
  file: string;
  heldOut: string | undefined;
  out: string;
  settings: TrainModel;
  progress: TrainProgress;
}

/** The full ranking of a user takes a millisecond. */
const measuredUsers = 8_000;
const shareOf = { learn: 0.1, validate: 0.45, refit: 0.8, neighbours: 0.95, done: 1 } as const;

export async function trainFile({ file, heldOut, out, settings: wished, progress }: OfflineOptions) {
  const { saves, heldOutItems } = readFiles(file, heldOut);
  const settings = trainingSettings.parse(wished);
  const module = new WebAssembly.Module(readFileSync(inRoot("packages", "training", "native", "kernels.wasm")));
  const training = new Training(module, { saves }, settings);
  while (training.stage !== "done") {
    const { stage, epoch } = training.advance();
    progress.tell(shareOf[stage], `${stage}${stage === "learn" || stage === "refit" ? ` ${epoch + 1}` : ""}`);
  }
  const seconds = progress.stop();
  const learned = training.model();
  const parts = artifactParts(
    modelOf(learned, {
      ids: Array.from({ length: saves.items }, (_, item) => String(item)),
      modelVersion: "offline",
      settings,
      users: saves.users,
      saves: saves.columns.length,
      dataFrom: null,
      dataThrough: null,
      withFloats: true,
    }),
  );
  await pipeline(parts, createWriteStream(out)).catch((error: Error) => {
    throw new Refusal(`${out} cannot be written: ${error.message}.`);
  });
  const lines = [
    `Learned from ${saves.columns.length.toLocaleString("en")} saves of ${saves.users.toLocaleString("en")} users ` +
      `and ${saves.items.toLocaleString("en")} pins in ${seconds.toFixed(1)} s; the artifact is ${out}.`,
  ];
  const rows: string[][] = [];
  if (learned.findings.evaluation) rows.push(rowOf("own validation", learned.findings.evaluation));
  if (heldOutItems) {
    // As it is served: with the artifact's int8 vectors.
    const stored = catalogueOf(module, readArtifact(Buffer.concat(parts)));
    const measured = evaluate(
      { saves, items: heldOutItems, negativesOf: (user) => drawnNegatives(saves, user, heldOutItems[user] ?? 0) },
      (told, scores) => stored.score(told, scores, learned.findings.blend),
      { users: usersSpread(saves.users, measuredUsers) },
    );
    rows.push(rowOf(heldOut ?? "", measured));
  }
  const head = ["", "users", "sampled HR@10", "NDCG@10", "full HR@10", "NDCG@10", "coverage@10"];
  return {
    lines: [...lines, ...(rows.length > 0 ? columns([head, ...rows]) : ["No user has five saves to measure on."])],
  };
}

function readFiles(file: string, heldOut: string | undefined): { saves: Saves; heldOutItems: Uint32Array | null } {
  const lists = readLists(file);
  const heldOutItems = heldOut === undefined ? null : readHeldOut(heldOut);
  if (heldOutItems && heldOutItems.length !== lists.length) {
    throw new Refusal(
      `${heldOut} has ${heldOutItems.length} lines and ${file} ${lists.length}: give one for each user.`,
    );
  }
  let items = 1;
  for (const list of lists) for (const item of list) items = Math.max(items, item + 1);
  for (const item of heldOutItems ?? []) items = Math.max(items, item + 1);
  const all = savesOf(lists, items);
  if (all.columns.length === 0) throw new Refusal(`${file} has no saves: give a line of item numbers for each user.`);
  return { saves: heldOutItems ? without(all, heldOutItems) : all, heldOutItems };
}

/** 99 unsaved items, the same for a user in every run: a step through the catalogue that meets each item once. */
function drawnNegatives(saves: Saves, user: number, target: number): number[] {
  const taken = new Set<number>([...itemsOf(saves, user), target]);
  const drawn: number[] = [];
  for (let n = 0; n < saves.items && drawn.length < 99; n++) {
    const item = (Math.imul(user + 1, 2_654_435_761) + Math.imul(n, 40_503)) >>> 0;
    const candidate = item % saves.items;
    if (taken.has(candidate)) continue;
    taken.add(candidate);
    drawn.push(candidate);
  }
  return drawn;
}

function rowOf(name: string, { sampled, full, coverageAt10 }: Evaluation): string[] {
  const figures = [sampled.hitRateAt10, sampled.ndcgAt10, full.hitRateAt10, full.ndcgAt10, coverageAt10];
  return [name, sampled.users.toLocaleString("en"), ...figures.map((figure) => figure.toFixed(4))];
}
