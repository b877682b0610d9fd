/** Training by the platform: started, and waited for until the API ranks by the new model. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "@vitrine/client";
import type { Model, PinId, UserId } from "@vitrine/contracts";
import { Refusal } from "../refusal.ts";
import type { Asking } from "./asking.ts";

const defaultPollMillis = 1_000;
/** Ten times what a million saves take on one core. */
const timeoutMillis = 30 * 60_000;
/** An isolate looks for a new model once a minute. */
const pickUpMillis = 180_000;

export interface Trained {
  model: Model;
  /** From the request to the model being the one that serves. */
  seconds: number;
}

export interface TrainOptions {
  asking: Asking;
  /** Somebody and something, to see which model answers. */
  probe: { userId: UserId; pinId: PinId };
  onNote: (note: string) => void;
  pollMillis?: number;
}

/**
 * A model that the platform holds to be worse than the one before serves all the same: it is what is asked about. Waits
 * until users are embedded ahead, which keeps a machine busy after the model serves.
 */
export async function trainByPlatform(
  { models }: Pick<Client, "models">,
  { asking, probe, onNote, pollMillis = defaultPollMillis }: TrainOptions,
): Promise<Trained> {
  const startedAt = performance.now();
  const { version } = await models.train();
  let told = "";
  let seconds = 0;
  for (;;) {
    const model = await models.get(version);
    if (model.note !== told) onNote(`  ${version}, ${model.status}: ${model.note}`);
    told = model.note;
    if (model.status === "serving") {
      seconds ||= (performance.now() - startedAt) / 1000;
      if (model.progress === 1) {
        await untilServed(model, { asking, probe, pollMillis });
        return { model, seconds };
      }
    } else if (model.status === "rejected") await models.serve(version);
    else if (model.status !== "training" && model.status !== "candidate") {
      throw new Refusal(`The training ended ${model.status}: ${model.note}`);
    }
    if (performance.now() - startedAt > timeoutMillis)
      throw new Refusal("The training did not end within half an hour.");
    await sleep(pollMillis);
  }
}

async function untilServed({ version }: Model, { asking, probe, pollMillis }: Required<Omit<TrainOptions, "onNote">>) {
  const deadline = performance.now() + pickUpMillis;
  while (performance.now() < deadline) {
    const answer = await asking.rank(probe.userId, [probe.pinId]);
    if (answer?.model === version) return;
    await sleep(pollMillis);
  }
  throw new Refusal(`The model ${version} serves, but POST /v1/rank has not taken it up in three minutes.`);
}
