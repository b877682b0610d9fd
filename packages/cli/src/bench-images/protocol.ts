/** What the bench asks of an engine, and what it is told, in Node and in workerd alike. */

export interface BenchPlan {
  width: number;
  height: number;
  format: "webp" | "jpeg";
  /** 1..100. */
  quality: number;
}

export interface Measured {
  /** Milliseconds from the picture's bytes to the rendition's. */
  total: number;
  /** Milliseconds; what an engine does in one pass is one stage. */
  stages: Record<string, number>;
}

/** The head that carries `WorkerMeasured`: the bytes of WASM memory come with the first rendition of an isolate. */
export const measuredHead = "x-measured";

/** How often an engine renders in one request; the mean counts. The clock of workerd has whole milliseconds. */
export interface BenchRequest {
  plan: BenchPlan;
  times: number;
}

export interface WorkerMeasured extends Measured {
  wasmBytes?: number;
}
