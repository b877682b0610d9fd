/**
 * From an artifact in R2 to feeds: rows in D1, vectors in the taste index, and last the pointer in KV. Whatever fails
 * before leaves the model that serves as it was. Every step may be done twice.
 */
import type { ModelVersion } from "@vitrine/contracts";
import { servingModelKey } from "@vitrine/ranking";
import { changeModel, putPinModels, servingModelRow, visiblePins } from "@vitrine/store";
import { vectorLimits } from "@vitrine/vectors";
import { openArtifact, readItems } from "./artifact-slices.ts";
import { prewarmUsers } from "./prewarm.ts";
import { report } from "./report.ts";
import { deleteOlderModels } from "./retire.ts";
import type { Steps, TrainingServices } from "./services.ts";
import { vectorId } from "./vector-id.ts";

/** 10 MB of rows and vectors, a second of work. */
const pinsPerStep = 2_000;
/** Vectorize shows what was written after 30 s at the median and two minutes at the 99th percentile. */
const looksForVectors = 30;
const secondsBetweenLooks = 10;
const serves = "It serves.";
const servesEarly = "It serves. User embeddings are being made ahead.";

export async function publishModel(services: TrainingServices, steps: Steps, version: ModelVersion): Promise<void> {
  const { items } = await steps.do("look into the artifact", async () => {
    const { header } = await openArtifact(services.files, version);
    return { items: header.items };
  });
  let lastVector = "";
  for (let first = 0; first < items; first += pinsPerStep) {
    const written = await steps.do(`write pins from ${first}`, () => writePins(services, version, { first, items }));
    if (written !== "") lastVector = written;
  }
  if (lastVector !== "") await untilSeen(services, steps, { version, lastVector });
  // In a step of its own: when the next one is done twice, the second time finds only itself.
  const previous = await steps.do("remember what serves", async () => {
    return (await servingModelRow(services.databases))?.version ?? "";
  });
  await steps.do("point to it", () => pointTo(services, version, { note: servesEarly, progress: 0.99 }));
  await deleteOlderModels(services, steps, { version, kept: [previous] });
  // Last, because it takes minutes, in which the next training may begin.
  await prewarmUsers(services, steps, version);
  await steps.do("say that all is done", async () => {
    const isServing = (await servingModelRow(services.databases))?.version === version;
    if (isServing) await changeModel(services.databases, version, { note: serves, progress: 1 });
    return null;
  });
}

/** Writes rows and vectors of the pins from `first`; answers the id of the last vector, or nothing. */
async function writePins(
  services: TrainingServices,
  version: ModelVersion,
  { first, items }: { first: number; items: number },
): Promise<string> {
  const { databases, files, tasteIndex, pause } = services;
  const progress = 0.85 + (0.13 * first) / items;
  await report(services, version, { note: `Writing pins: ${first} of ${items} are done.`, progress });
  const artifact = await openArtifact(files, version);
  let lastVector = "";
  const perBatch = vectorLimits.maxVectorsPerMutation;
  for (let from = first; from < Math.min(first + pinsPerStep, items); from += perBatch) {
    const pins = await readItems(files, artifact, {
      first: from,
      last: Math.min(from + perBatch, first + pinsPerStep),
    });
    await putPinModels(
      databases,
      version,
      pins.map(({ values: _, ...row }) => row),
    );
    const visible = await visiblePins(
      databases,
      pins.map(({ pinId }) => pinId),
    );
    const vectors = pins
      .filter(({ pinId }) => visible.has(pinId))
      .map(({ pinId, values }) => ({ id: vectorId(version, pinId), values, namespace: version }));
    if (vectors.length > 0) await tasteIndex.upsert(vectors);
    lastVector = vectors.at(-1)?.id ?? lastVector;
    await pause();
  }
  return lastVector;
}

async function untilSeen(
  services: TrainingServices,
  steps: Steps,
  { version, lastVector }: { version: ModelVersion; lastVector: string },
): Promise<void> {
  for (let look = 1; look <= looksForVectors; look++) {
    const isSeen = await steps.do(`look for the vectors ${look}`, async () => {
      await report(services, version, { note: "Waiting for the taste index to show the vectors.", progress: 0.98 });
      const [seen] = await services.tasteIndex.getByIds([lastVector]);
      return seen !== undefined;
    });
    if (isSeen) return;
    await steps.sleep(`wait for the vectors ${look}`, secondsBetweenLooks);
  }
  const minutes = (looksForVectors * secondsBetweenLooks) / 60;
  throw new Error(`the taste index did not show the vectors within ${minutes} minutes`);
}

/** The last word: from now on the model serves, and the one before can be put back. */
export async function pointTo(
  services: TrainingServices,
  version: ModelVersion,
  told = { note: serves, progress: 1 },
): Promise<null> {
  const { databases, files, kv } = services;
  const serving = await files.read(version, "serving");
  if (!serving) throw new Error("the value to be served is not there");
  const before = await servingModelRow(databases);
  await kv.put(servingModelKey, serving);
  await changeModel(databases, version, { status: "serving", ...told, lockedUntil: 0 });
  if (before && before.version !== version) {
    const note = `It served before ${version}, and can be put back.`;
    await changeModel(databases, before.version, { status: "retired", note, progress: 1 });
  }
  return null;
}
