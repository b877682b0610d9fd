import { createRoute } from "@hono/zod-openapi";
import { JobRun, jobNames } from "@vitrine/contracts";
import { z } from "zod";
import { needs } from "../auth.ts";
import { withDeadline } from "../deadline.ts";
import { json, problems, withToken } from "../openapi.ts";
import { createRouter } from "../router.ts";

export const jobRoutes = createRouter();

/** The codebook of 100,000 pins takes about a minute on one core; past five the caller has hung up. */
const jobDeadlineMillis = 5 * 60 * 1000;

jobRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/jobs/{name}",
    tags: ["service"],
    summary: "Run a job now that cron runs otherwise",
    security: withToken,
    middleware: [needs("service")] as const,
    request: { params: z.object({ name: z.enum(jobNames) }) },
    responses: {
      200: json(JobRun, "What the job did"),
      ...problems("invalid-request", "unauthorized", "forbidden", "unavailable"),
    },
  }),
  async (c) => {
    const { name } = c.req.valid("param");
    const report = await withDeadline(c.var.services.jobs.run(name), jobDeadlineMillis, `The job ${name}`);
    return c.json({ job: report.job, summary: report.summary }, 200);
  },
);
