/** Starting and stopping experiments, and making every edge know of it. */
import { type CreateExperiment, type Experiment, limits, Problem, settingNames } from "@vitrine/contracts";
import { allocate, encodeExperiments, experimentsKey } from "@vitrine/ranking";
import {
  createExperiment,
  type ExperimentRow,
  findExperiment,
  runExperiment,
  runningExperiments,
  stopExperiment,
} from "@vitrine/store";
import type { Services } from "./context.ts";

type Ports = Pick<Services, "databases" | "kv">;

/** A start is tried again when another one came between: more than this many at once are not operators. */
const maxTries = 5;

export async function draftExperiment(
  { databases }: Ports,
  wanted: CreateExperiment,
  now: number,
): Promise<{ experiment: ExperimentRow; isNew: boolean }> {
  const { id, layer, traffic, name, variants, primaryMetric } = wanted;
  const definition = {
    name,
    salt: wanted.salt ?? id,
    variants,
    primaryMetric,
    minimumDetectableEffect: wanted.minimumDetectableEffect ?? null,
  };
  const row: ExperimentRow = {
    ...{ id, layer, traffic, definition, status: "draft" as const, ranges: [] },
    ...{ createdAt: now, startedAt: null, stoppedAt: null },
  };
  const made = await createExperiment(databases, row);
  const { experiment } = made;
  const isSame =
    experiment.layer === layer &&
    (experiment.traffic === traffic || experiment.status !== "draft") && // it may have grown since
    JSON.stringify(experiment.definition) === JSON.stringify(definition);
  if (!made.isNew && !isSame) throw new Problem("conflict", "Choose another id: another experiment has this one.");
  return made;
}

/** Starts a draft, or gives a running experiment more users. Twice is once. */
export async function startExperiment(
  ports: Ports,
  { id, traffic: wanted, now }: { id: string; traffic: number | undefined; now: number },
): Promise<ExperimentRow> {
  for (let tries = 1; tries <= maxTries; tries++) {
    const [experiment, running] = await Promise.all([existing(ports, id), runningExperiments(ports.databases)]);
    const traffic = wanted ?? experiment.traffic;
    const ranges = rangesFor(experiment, running, traffic);
    const started = await runExperiment(ports.databases, { id, traffic, ranges }, { running, now });
    if (started) {
      await publish(ports);
      return started;
    }
  }
  throw new Problem("unavailable", "Other experiments start at this moment: try again.", { retryAfterSeconds: 1 });
}

export async function endExperiment(ports: Ports, id: string, now: number): Promise<ExperimentRow> {
  const stopped = await stopExperiment(ports.databases, id, now);
  if (!stopped) throw unknown();
  await publish(ports);
  return stopped;
}

export async function existing({ databases }: Ports, id: string): Promise<ExperimentRow> {
  const experiment = await findExperiment(databases, id);
  if (!experiment) throw unknown();
  return experiment;
}

function unknown(): Problem {
  return new Problem("not-found", "There is no experiment of this id.");
}

function rangesFor(experiment: ExperimentRow, running: readonly ExperimentRow[], traffic: number) {
  const { id, layer, status, definition } = experiment;
  if (status === "stopped")
    throw new Problem("conflict", "What is stopped stays so: create an experiment of another id.");
  if (status === "running" && traffic < experiment.traffic) {
    throw new Problem("conflict", "A running experiment loses no users: stop it, and start another one.");
  }
  const others = running.filter((other) => other.id !== id);
  if (others.length >= limits.maxRunningExperiments) {
    throw new Problem("conflict", `At most ${limits.maxRunningExperiments} experiments run at once: stop one first.`);
  }
  const names = namesOf(definition.variants);
  const rival = others.find(
    (other) => other.layer !== layer && namesOf(other.definition.variants).some((name) => names.includes(name)),
  );
  if (rival) {
    const sentence = `Put it into the layer ${rival.layer}: ${rival.id} changes the same settings, and a user would see both.`;
    throw new Problem("conflict", sentence);
  }
  const taken = others.filter((other) => other.layer === layer).flatMap(({ ranges }) => ranges);
  const ranges = allocate(traffic, { own: experiment.ranges, taken });
  if (!ranges) throw new Problem("conflict", `Take less traffic: the layer ${layer} has not so many users left.`);
  return ranges;
}

function namesOf(variants: Experiment["variants"]): string[] {
  return variants.flatMap(({ settings }) => settingNames(settings));
}

/** Writes what runs to KV, again when that changed meanwhile: so the last of several writers leaves what D1 says. */
async function publish({ databases, kv }: Ports): Promise<void> {
  let written = "";
  for (let tries = 1; tries <= maxTries; tries++) {
    const running = await runningExperiments(databases);
    const text = encodeExperiments(
      running.map(({ id, layer, ranges, definition: { salt, variants } }) => ({ id, layer, salt, ranges, variants })),
    );
    if (text === written) return;
    await put(kv, text);
    written = text;
  }
}

async function put(kv: Ports["kv"], text: string): Promise<void> {
  try {
    await kv.put(experimentsKey, text);
  } catch (cause) {
    const sentence = "The experiment is changed and the edges do not know it yet: send the same again in a second.";
    throw new Problem("unavailable", sentence, { cause, retryAfterSeconds: 1 });
  }
}
