import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import { NonRetryableError } from "cloudflare:workflows";
import { LostLockError } from "../training/report.ts";
import type { StepAnswer, TrainingOrder } from "../training/services.ts";
import { fulfil } from "../training/train-model.ts";
import { type Bindings, trainingServicesOf } from "./bindings.ts";

/** A step is seconds of work; what fails three times more, a minute apart in the end, will not pass by itself. */
const stepConfiguration = {
  retries: { limit: 3, delay: "5 seconds", backoff: "exponential" },
  timeout: "5 minutes",
} as const;

/** The Workflow TRAIN. */
export class TrainModel extends WorkflowEntrypoint<Bindings, TrainingOrder> {
  override async run({ payload }: Readonly<WorkflowEvent<TrainingOrder>>, step: WorkflowStep): Promise<void> {
    const steps = {
      async do<T extends StepAnswer>(name: string, work: () => Promise<T>): Promise<T> {
        const answer = await step.do(name, stepConfiguration, async () => JSON.stringify(await orForGood(work)));
        return JSON.parse(answer) as T;
      },
      sleep: (name: string, seconds: number) => step.sleep(name, seconds * 1_000),
    };
    await fulfil(trainingServicesOf(this.env), steps, payload);
  }
}

async function orForGood<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof LostLockError ? new NonRetryableError(error.message, error.name) : error;
  }
}
