import { WorkerEntrypoint } from "cloudflare:workers";
import { type JobName, type JobReport, type JobsService, jobNames, Problem } from "@vitrine/contracts";
import { type Bindings, servicesOf } from "./adapters/bindings.ts";
import { jobs } from "./jobs.ts";

/** Work by the clock, and the same jobs by name over the service binding. */
export default class Jobs extends WorkerEntrypoint<Bindings> implements JobsService {
  async run(job: JobName): Promise<JobReport> {
    if (!jobNames.includes(job)) throw new Problem("not-found", `There is no such job: run ${jobNames.join(", ")}.`);
    return { job, summary: await jobs[job](servicesOf(this.env)) };
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
