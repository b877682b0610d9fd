import type { Model, Models, TrainModel } from "@vitrine/contracts";
import type { CallOptions, Transport } from "./transport.ts";
import type { WireInput } from "./wire-input.ts";

/** Trained models; a service's calls. */
export function modelsOf(send: Transport) {
  return {
    /** Newest first; the last hundred. */
    list: (options: CallOptions = {}) => send<Models>({ ...options, method: "GET", path: "/v1/models" }),

    get: (version: string, options: CallOptions = {}) =>
      send<Model>({ ...options, method: "GET", path: `/v1/models/${version}` }),

    /** Begins a training and answers at once; `get` tells how far it is. Throws `conflict` while one runs. */
    train: (settings: WireInput<typeof TrainModel> = {}, options: CallOptions = {}) =>
      send<Model>({ ...options, method: "POST", path: "/v1/models/train", json: settings, isRepeatable: false }),

    /** Puts a model back that served before, or serves one that was rejected. */
    serve: (version: string, options: CallOptions = {}) =>
      send<Model>({ ...options, method: "POST", path: `/v1/models/${version}/serve`, isRepeatable: true }),
  };
}
