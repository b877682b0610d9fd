/** `vitrine train`: on a stack, by its Workflow, or here, from a file. */
import type { TrainModel } from "@vitrine/contracts";
import { clientOf } from "../service-client.ts";
import { metricsLines } from "./metrics.ts";
import { trainFile } from "./offline.ts";
import { createTrainProgress } from "./progress.ts";
import { trainStack } from "./stack.ts";

export interface TrainCommandOptions {
  url: string;
  token?: string;
  /** Trains here, from this file. */
  train?: string;
  heldOut?: string;
  out: string;
  dimensions?: number;
  epochs?: number;
}

/** Exit code 1 when the model does not serve: it was rejected, or failed. */
export async function train(options: TrainCommandOptions): Promise<number> {
  const { url, token, train: file, heldOut, out, dimensions, epochs } = options;
  const settings: TrainModel = {
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(epochs === undefined ? {} : { epochs }),
  };
  const progress = createTrainProgress({ isTerminal: process.stdout.isTTY === true });
  if (file !== undefined) {
    const { lines } = await trainFile({ file, heldOut, out, settings, progress });
    for (const line of lines) console.log(line);
    return 0;
  }
  const model = await trainStack(await clientOf({ url, token }), settings, { url, progress });
  for (const line of metricsLines(model)) console.log(line);
  return model.status === "serving" ? 0 : 1;
}
