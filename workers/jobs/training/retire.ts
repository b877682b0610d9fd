/** Deletes what is left of old models: vectors first, then rows, and the files last, so that nothing is forgotten. */
import type { ModelVersion } from "@vitrine/contracts";
import { changeModel, deletePinModels, findModel, servingModelRow } from "@vitrine/store";
import { vectorLimits } from "@vitrine/vectors";
import { openArtifact } from "./artifact-slices.ts";
import type { Steps, TrainingServices } from "./services.ts";
import { vectorId } from "./vector-id.ts";

/** 200 calls to the index, of the 10,000 that a Worker may make. */
const vectorsPerStep = 20_000;
/** 10 MB of rows a statement and database. */
const rowsPerStep = 2_000;

/**
 * Deletes the models that are older than `version`, but those in `kept` and whichever serves. Newer ones are not its business:
 * another training may be at work on them, or have ended while this one still had things to do.
 */
export async function deleteOlderModels(
  services: TrainingServices,
  steps: Steps,
  { version, kept }: { version: ModelVersion; kept: readonly string[] },
): Promise<void> {
  const { versions } = await steps.do("look for old models", async () => {
    const serving = (await servingModelRow(services.databases))?.version;
    const known = await services.files.versions();
    const old = known.filter((each) => each < version && !kept.includes(each) && each !== serving);
    return { versions: old.join(" ") };
  });
  for (const old of versions === "" ? [] : versions.split(" ")) await deleteModel(services, steps, old);
}

async function deleteModel(services: TrainingServices, steps: Steps, version: ModelVersion): Promise<void> {
  const { databases, files } = services;
  for (let first = 0, left = true; left; first += vectorsPerStep) {
    left = await steps.do(`delete vectors of ${version} from ${first}`, () => deleteVectors(services, version, first));
  }
  for (let round = 1, left = true; left; round++) {
    left = await steps.do(`delete rows of ${version}, round ${round}`, async () => {
      return (await deletePinModels(databases, version, rowsPerStep)) > 0;
    });
  }
  await steps.do(`delete files of ${version}`, async () => {
    const row = await findModel(databases, version);
    if (row?.status === "retired") {
      await changeModel(databases, version, { status: "deleted", note: "It served before, and its data is deleted." });
    }
    await files.delete(version);
    return null;
  });
}

/** Answers whether there are more. A model without an artifact never had any. */
async function deleteVectors({ files, tasteIndex }: TrainingServices, version: string, first: number) {
  const artifact = await openArtifact(files, version).catch(() => null);
  if (!artifact) return false;
  const ids = artifact.pinIds.slice(first, first + vectorsPerStep).map((pinId) => vectorId(version, pinId));
  const perCall = vectorLimits.maxIdsPerDelete;
  for (let at = 0; at < ids.length; at += perCall) await tasteIndex.deleteByIds(ids.slice(at, at + perCall));
  return first + vectorsPerStep < artifact.pinIds.length;
}
