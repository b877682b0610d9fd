/** When a training begins, and what is done at once: by the clock, by an operator, and a model put back. */
import { type Model, type ModelVersion, Problem, type TrainModel, tasteDimensions } from "@vitrine/contracts";
import { beginModel, countSaves, type Databases, findModel, lastModel, type ModelRow, takeModel } from "@vitrine/store";
import { pointTo } from "./publish.ts";
import { lockMillis } from "./report.ts";
import type { TrainingOrder, TrainingServices } from "./services.ts";

/** Fewer say more about chance than about taste. */
export const minSaves = 1_000;
/** A tenth more (or fewer) saves than the last model learned from, or a day, and a training is due. */
const dueGrowth = 0.1;
const dueMillis = 24 * 3_600_000;
/** Counting saves reads all of them; and feeds whose fragments go cold every few minutes are slow. */
const minIntervalMillis = 3_600_000;

export interface StartServices extends TrainingServices {
  /** Starts the Workflow; the same version twice is an error. */
  begin(order: TrainingOrder): Promise<void>;
  random(): number;
}

/** The job: starts a training when it is due, and says in a sentence what was done. */
export async function trainWhenDue(services: StartServices): Promise<string> {
  const { databases, clock } = services;
  const last = await lastModel(databases);
  const age = last ? clock() - last.createdAt : Number.POSITIVE_INFINITY;
  if (last && age < minIntervalMillis) return `The last training began less than an hour ago: ${last.version}.`;
  const saves = await countAll(databases);
  if (saves < minSaves) return tooFew(saves);
  if (last && saves === last.saves) return `The model ${last.version} still fits: there are ${saves} saves as before.`;
  if (last && age < dueMillis && Math.abs(saves - last.saves) < last.saves * dueGrowth) {
    return `The model ${last.version} of ${last.saves} saves still fits: there are ${saves} now.`;
  }
  try {
    const { version } = await begin(services, {}, saves);
    return `Began to train ${version} on ${saves} saves.`;
  } catch (error) {
    if (error instanceof Problem && error.code === "conflict") return error.message;
    throw error;
  }
}

/** Starts a training now. Throws a Problem where there is too little to learn from, or one runs. */
export async function trainNow(services: StartServices, settings: TrainModel): Promise<Model> {
  const saves = await countAll(services.databases);
  if (saves < minSaves) throw new Problem("conflict", tooFew(saves));
  return modelBody(await begin(services, settings, saves));
}

/** Puts a model into the feeds: at once when its rows are there, by a Workflow when it never served. */
export async function serveModel(services: StartServices, version: ModelVersion): Promise<Model> {
  const { databases, clock } = services;
  const row = await findModel(databases, version);
  if (!row) throw new Problem("not-found", "Name a model of GET /v1/models: there is none of this version.");
  if (row.status === "serving") return modelBody(row);
  if (row.status !== "retired" && row.status !== "rejected") {
    throw new Problem("conflict", `Name a retired or a rejected model: ${version} is ${row.status}.`);
  }
  const now = clock();
  const isRetired = row.status === "retired";
  const change = { lockedUntil: now + lockMillis, ...(isRetired ? {} : { status: "candidate" as const }) };
  if (!(await takeModel(databases, version, { now, change }))) throw runningProblem();
  if (isRetired) await pointTo(services, version);
  else await services.begin({ kind: "publish", version });
  return modelBody((await findModel(databases, version)) ?? row);
}

async function begin(services: StartServices, settings: TrainModel, saves: number): Promise<ModelRow> {
  const { databases, clock, random } = services;
  const now = clock();
  const row: ModelRow = {
    version: newVersion(now, random()),
    status: "training",
    createdAt: now,
    dimensions: settings.dimensions ?? tasteDimensions,
    users: 0,
    pins: 0,
    saves,
    metrics: null,
    note: "Waiting for its Workflow.",
    progress: 0,
    lockedUntil: now + lockMillis,
  };
  if (!(await beginModel(databases, row, now))) throw runningProblem();
  await services.begin({ kind: "train", version: row.version, settings });
  return row;
}

function runningProblem(): Problem {
  return new Problem("conflict", "Wait until the training that runs is done; GET /v1/models tells how far it is.");
}

function tooFew(saves: number): string {
  return `There are ${saves} saves; a model needs ${minSaves}.`;
}

async function countAll(databases: Databases): Promise<number> {
  const counts = await Promise.all(databases.all().map(countSaves));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Sorts by time: nine digits of base 36 are milliseconds until the year 5188. */
export function newVersion(now: number, random: number): ModelVersion {
  const tail = Math.floor(random * 36 ** 3);
  return `m${now.toString(36).padStart(9, "0")}${tail.toString(36).padStart(3, "0")}`;
}

export function modelBody({ createdAt, lockedUntil: _, ...row }: ModelRow): Model {
  return { ...row, createdAt: new Date(createdAt).toISOString() };
}
