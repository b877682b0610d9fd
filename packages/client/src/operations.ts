import type { Health, JobName, JobReport } from "@vitrine/contracts";
import type { CallOptions, Transport } from "./transport.ts";

/** The server gives a job five minutes; ours are a little longer, so that its own word arrives. */
const jobTimeoutMillis = 310_000;

export function jobsOf(send: Transport) {
  return {
    /** Runs a job now and waits for its report; a service's call. Jobs may be repeated without harm. */
    run: (job: JobName, options: CallOptions = {}) =>
      send<JobReport>({
        timeoutMillis: jobTimeoutMillis,
        ...options,
        method: "POST",
        path: `/v1/jobs/${job}`,
        isRepeatable: true,
      }),
  };
}

/** How the service and its parts are; `degraded` is an answer, not an error. */
export function healthOf(send: Transport) {
  return (options: CallOptions = {}) => send<Health>({ ...options, method: "GET", path: "/health" });
}
