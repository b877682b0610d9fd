/** Training by a stack's own Workflow, watched until it is done. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, VitrineError } from "@vitrine/client";
import type { Model, TrainModel } from "@vitrine/contracts";
import { Refusal } from "../refusal.ts";
import type { TrainProgress } from "./progress.ts";

const lookEveryMillis = 500;
/** A stack that is restarted, or a network that changes, is back within. */
const patienceMillis = 60_000;

export async function trainStack(
  client: Pick<Client, "models">,
  settings: TrainModel,
  { url, progress, lookEvery = lookEveryMillis }: { url: string; progress: TrainProgress; lookEvery?: number },
): Promise<Model> {
  try {
    const { version } = await client.models.train(settings);
    let heardAt = Date.now();
    for (;;) {
      const model = await client.models.get(version).catch((error: unknown) => {
        if (Date.now() - heardAt > patienceMillis) throw error;
        return null;
      });
      if (model) {
        heardAt = Date.now();
        progress.tell(model.progress, model.note);
        if (model.status !== "training" && model.status !== "candidate") return model;
      }
      await sleep(lookEvery);
    }
  } catch (error) {
    throw error instanceof VitrineError ? new Refusal(`${url}: ${error.message}`) : error;
  } finally {
    progress.stop();
  }
}
