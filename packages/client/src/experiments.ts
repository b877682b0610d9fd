import type { CreateExperiment, Experiment, ExperimentList, ExperimentResults } from "@vitrine/contracts";
import type { CallOptions, Transport } from "./transport.ts";
import type { WireInput } from "./wire-input.ts";

/** D1 sums up a hundred thousand users in seconds. */
const resultsTimeoutMillis = 40_000;

/** A service's calls. */
export function experimentsOf(send: Transport) {
  const post = (path: string, options: CallOptions, json?: unknown) =>
    send<Experiment>({ ...options, method: "POST", path, isRepeatable: true, ...(json === undefined ? {} : { json }) });

  return {
    /** Defines an experiment under an id of the caller's choice; nobody sees it before `start`. */
    create: (experiment: WireInput<typeof CreateExperiment>, options: CallOptions = {}) =>
      post("/v1/experiments", options, experiment),

    /** The newest first. */
    list: (options: CallOptions = {}) => send<ExperimentList>({ ...options, method: "GET", path: "/v1/experiments" }),

    get: (id: string, options: CallOptions = {}) =>
      send<Experiment>({ ...options, method: "GET", path: `/v1/experiments/${id}` }),

    /** Starts it, or gives a running one more traffic (a share of all users, 0..1). */
    start: (id: string, { traffic, ...options }: CallOptions & { traffic?: number | undefined } = {}) =>
      post(`/v1/experiments/${id}/start`, options, traffic === undefined ? undefined : { traffic }),

    /** Ends it for good. */
    stop: (id: string, options: CallOptions = {}) => post(`/v1/experiments/${id}/stop`, options),

    /** May be asked at any time and as often as one likes: its verdict stays valid. */
    results: (id: string, options: CallOptions = {}) =>
      send<ExperimentResults>({
        timeoutMillis: resultsTimeoutMillis,
        ...options,
        method: "GET",
        path: `/v1/experiments/${id}/results`,
      }),
  };
}
