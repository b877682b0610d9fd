import { WorkerEntrypoint } from "cloudflare:workers";
import {
  type JobName,
  type JobReport,
  type JobsService,
  jobNames,
  type Model,
  type ModelVersion,
  Problem,
  type TrainModel as TrainSettings,
} from "@vitrine/contracts";
import { type Bindings, servicesOf } from "./adapters/bindings.ts";
import { jobs } from "./jobs.ts";
import { serveModel, trainNow } from "./training/start.ts";

export { TrainModel } from "./adapters/train-model.ts";

/** Work by the clock, and the same jobs by name over the service binding. */
export default class Jobs extends WorkerEntrypoint<Bindings> implements JobsService {
  async run(job: JobName): Promise<JobReport> {
    if (!jobNames.includes(job)) throw new Problem("not-found", `There is no such job: run ${jobNames.join(", ")}.`);
    return { job, summary: await jobs[job](servicesOf(this.env)) };
  }

  train(settings: TrainSettings): Promise<Model> {
    return trainNow(servicesOf(this.env), settings);
  }

  serve(version: ModelVersion): Promise<Model> {
    return serveModel(servicesOf(this.env), version);
  }

  override async scheduled(): Promise<void> {
    for (const job of jobNames) {
      try {
        const { summary } = await this.run(job);
        console.log(`${job}: ${summary}`);
      } catch (error) {
        console.error(`${job} failed`, error); // the other jobs must not wait for it
      }
    }
  }
}
