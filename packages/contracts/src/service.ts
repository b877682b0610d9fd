/** What tells operators and the studio about the service itself. */
import { z } from "zod";
import { jobNames } from "./messages.ts";
import { Handle, User } from "./users.ts";

/** How one dependency is: `ok`, or `down` when it did not answer in time. */
export const HealthCheck = z.object({ status: z.enum(["ok", "down"]), millis: z.number() });

export const Health = z
  .object({
    /** degraded: something is down, and the service answers without it. */
    status: z.enum(["ok", "degraded"]),
    checks: z.object({ database: HealthCheck, kv: HealthCheck, pictures: HealthCheck, index: HealthCheck }),
  })
  .meta({ id: "Health" });

export const JobRun = z.object({ job: z.enum(jobNames), summary: z.string() }).meta({ id: "JobRun" });

/** Local demo only: acts as a demo user. */
export const StartDemoSession = z.object({ handle: Handle }).meta({ id: "StartDemoSession" });
export const DemoSession = z.object({ token: z.string(), user: User }).meta({ id: "DemoSession" });
export const DemoUsers = z.object({ users: z.array(User) }).meta({ id: "DemoUsers" });

export type Health = z.infer<typeof Health>;
export type StartDemoSession = z.infer<typeof StartDemoSession>;
export type DemoSession = z.infer<typeof DemoSession>;
export type DemoUsers = z.infer<typeof DemoUsers>;
