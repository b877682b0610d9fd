/**
 * A training from the saves in D1 to the feeds, as steps that a Workflow does one after the other and takes up again
 * where it was when an isolate dies: snapshot of the saves, an epoch a step with its checkpoint, artifact, judgement,
 * and what `publishModel` does.
 */
import { type ModelVersion, Problem } from "@vitrine/contracts";
import { changeModel, findModel, servingModelRow } from "@vitrine/store";
import { type TrainingSettings, trainingSettings } from "@vitrine/training";
import { type HeldProgress, HeldTraining } from "./held-training.ts";
import { faultOf, metricsOf } from "./judge.ts";
import { encodePictures, readPictures } from "./pictures.ts";
import { publishModel } from "./publish.ts";
import { LostLockError, report } from "./report.ts";
import { deleteOlderModels } from "./retire.ts";
import { platformSettings, type Steps, type TrainingOrder, type TrainingServices } from "./services.ts";
import { encodeSnapshot, readSaves } from "./snapshot.ts";

export async function fulfil(services: TrainingServices, steps: Steps, order: TrainingOrder): Promise<void> {
  const { version } = order;
  try {
    if (order.kind === "train" && !(await learn(services, steps, order))) return;
    await publishModel(services, steps, version);
  } catch (error) {
    if (error instanceof Error && error.name === LostLockError.name) throw error;
    await steps.do("say that it failed", async () => {
      const message = error instanceof Error ? error.message : String(error);
      const note = `It failed: ${message.slice(0, 200)}.`;
      await changeModel(services.databases, version, { status: "failed", note, lockedUntil: 0 });
      return null;
    });
    throw error;
  }
}

/** Answers whether the model is to serve. */
async function learn(
  services: TrainingServices,
  steps: Steps,
  { version, settings: wished }: Extract<TrainingOrder, { kind: "train" }>,
): Promise<boolean> {
  const settings = trainingSettings.parse(platformSettings(wished));
  await steps.do("read saves", () => takeSnapshot(services, version));
  const held = new HeldTraining(services, version, settings);
  let at: HeldProgress = { stage: "learn", epoch: 0 };
  for (let n = 1; at.stage !== "done"; n++) {
    const { stage, epoch } = at;
    at = await steps.do(`train ${n}`, async () => {
      await report(services, version, { ...told({ stage, epoch }, settings) });
      const next = await held.advance();
      return { stage: next.stage, epoch: next.epoch };
    });
  }
  await steps.do("write artifact", async () => {
    await report(services, version, { note: "Writing the artifact.", progress: 0.8 });
    const evaluation = await held.write();
    await report(services, version, { metrics: evaluation && metricsOf(evaluation) });
    return null;
  });
  held.forget();
  const isGood = await steps.do("judge", () => judge(services, version));
  if (!isGood) await deleteRejected(services, steps, version);
  return isGood;
}

async function takeSnapshot(services: TrainingServices, version: ModelVersion): Promise<null> {
  await report(services, version, { note: "Reading saves.", progress: 0 });
  const snapshot = await readSaves(services.databases);
  if (!snapshot) throw new Error("there are no saves any more");
  const pictures = await readPictures(services.databases, snapshot.pinIds);
  if (pictures) await services.files.write(version, "pictures", encodePictures(pictures));
  await services.files.write(version, "saves", encodeSnapshot(snapshot));
  const { users, items, columns } = snapshot.saves;
  await report(services, version, { users, pins: items, saves: columns.length });
  return null;
}

/** Shares of the time that the stages take with a million saves. */
const stages = {
  learn: { from: 0.1, until: 0.4 },
  validate: { from: 0.4, until: 0.65 },
  refit: { from: 0.65, until: 0.77 },
  neighbours: { from: 0.77, until: 0.8 },
  done: { from: 0.8, until: 0.8 },
} as const;

function told({ stage, epoch }: HeldProgress, settings: TrainingSettings): { note: string; progress: number } {
  const { from, until } = stages[stage];
  const epochs = stage === "refit" ? settings.refitEpochs : settings.epochs;
  if (stage === "learn" || stage === "refit") {
    const which = stage === "learn" ? "Learning" : "Learning from all saves";
    return { note: `${which}: epoch ${epoch + 1} of ${epochs}.`, progress: from + ((until - from) * epoch) / epochs };
  }
  const note = stage === "validate" ? "Measuring, and weighing the blend." : "Looking for neighbours.";
  return { note, progress: from };
}

/** Answers whether the model may serve. */
async function judge(services: TrainingServices, version: ModelVersion): Promise<boolean> {
  const { databases, files } = services;
  const [model, serving] = [await findModel(databases, version), await servingModelRow(databases)];
  if (!model) throw new Problem("not-found", "Start another training: this one is gone.");
  const fault = faultOf(model, serving);
  await files.delete(version, ["saves", "pictures", "checkpoint"]);
  if (fault === null) await report(services, version, { status: "candidate", note: "Writing pins." });
  else await changeModel(databases, version, { status: "rejected", note: fault, progress: 1, lockedUntil: 0 });
  return fault === null;
}

/** Of rejected and failed models only the newest is kept, to be looked at and promoted. */
async function deleteRejected(services: TrainingServices, steps: Steps, version: ModelVersion): Promise<void> {
  const { kept } = await steps.do("look for models that served", async () => {
    const versions = await services.files.versions();
    const rows = await Promise.all(versions.map((each) => findModel(services.databases, each)));
    const served = rows.filter((row) => row?.status === "serving" || row?.status === "retired");
    return { kept: served.map((row) => row?.version ?? "").join(" ") };
  });
  await deleteOlderModels(services, steps, { version, kept: kept.split(" ") });
}
