import type { JobName } from "@vitrine/contracts";
import { learnCodebook } from "./codebook.ts";
import { retain } from "./retention.ts";
import type { JobServices } from "./services.ts";
import { sweep } from "./sweep.ts";
import { trainWhenDue } from "./training/start.ts";

/** Every job, by name; each answers one sentence of what it did, and running it again does no harm. */
export const jobs = {
  sweep,
  codebook: learnCodebook,
  retention: retain,
  train: trainWhenDue,
} as const satisfies Record<JobName, (services: JobServices) => Promise<string>>;
