import type { JobName, JobReport } from "@vitrine/contracts";
import type { CallOptions, Transport } from "./transport.ts";

export interface Health {
  status: string;
  [part: string]: unknown;
}

export function jobsOf(send: Transport) {
  return {
    /** Runs a job now and waits for its report; a service's call. Jobs may be repeated without harm. */
    run: (job: JobName, options: CallOptions = {}) =>
      send<JobReport>({
        timeoutMillis: 120_000,
        ...options,
        method: "POST",
        path: `/v1/jobs/${job}`,
        isRepeatable: true,
      }),
  };
}

export function healthOf(send: Transport) {
  return (options: CallOptions = {}) => send<Health>({ ...options, method: "GET", path: "/health" });
}
