/** Training by the platform: started, and waited for until the feed serves the new model. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Model, PinId, UserId } from "@vitrine/contracts";
import { Refusal } from "../refusal.ts";
import type { Asking } from "./asking.ts";
import type { Access } from "./target.ts";

const pollMillis = 1_000;
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
}

export async function trainByPlatform(access: Access, { asking, probe, onNote }: TrainOptions): Promise<Trained> {
  const startedAt = performance.now();
  const before = new Set((await readModels(access)).map(({ version }) => version));
  await call(access, "POST", "/v1/models/train");
  let told = "";
  for (;;) {
    const model = (await readModels(access)).find(({ version }) => !before.has(version));
    if (model && model.note !== told) {
      told = model.note;
      onNote(`  ${model.version}, ${model.status}: ${told}`);
    }
    if (model?.status === "serving") {
      const seconds = (performance.now() - startedAt) / 1000;
      await untilServed(model, { asking, probe });
      return { model, seconds };
    }
    if (model && model.status !== "training" && model.status !== "candidate") {
      throw new Refusal(`The training ended ${model.status}: ${model.note}`);
    }
    if (performance.now() - startedAt > timeoutMillis)
      throw new Refusal("The training did not end within half an hour.");
    await sleep(pollMillis);
  }
}

async function untilServed({ version }: Model, { asking, probe }: Pick<TrainOptions, "asking" | "probe">) {
  const deadline = performance.now() + pickUpMillis;
  while (performance.now() < deadline) {
    const answer = await asking.rank(probe.userId, [probe.pinId]);
    if (answer?.model === version) return;
    await sleep(pollMillis);
  }
  throw new Refusal(`The model ${version} serves, but POST /v1/rank has not taken it up in three minutes.`);
}

async function readModels(access: Access): Promise<Model[]> {
  return ((await call(access, "GET", "/v1/models")) as { models: Model[] }).models;
}

async function call({ url, token }: Access, method: "GET" | "POST", path: string): Promise<unknown> {
  const response = await fetch(new URL(path, url), { method, headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  if (!response.ok) throw new Refusal(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}
