/** One engine behind HTTP: a picture by POST, the rendition as the answer, the clock's words in a head. */
import { type BenchPlan, type BenchRequest, measuredHead, type WorkerMeasured } from "../protocol.ts";
import { wasmBytesSoFar } from "./wasm-memory.ts";

export interface Rendered {
  bytes: Uint8Array;
  /** Milliseconds. */
  stages: Record<string, number>;
}

export type Render = (source: ArrayBuffer, plan: BenchPlan) => Promise<Rendered> | Rendered;

/** What an engine throws is answered as 422 with its words. The clock of a local workerd goes on during the work. */
export function serve(render: Render): { fetch(request: Request): Promise<Response> } {
  let isFirst = true;
  return {
    async fetch(request) {
      const { plan, times } = JSON.parse(new URL(request.url).searchParams.get("request") ?? "") as BenchRequest;
      const source = await request.arrayBuffer();
      const sums: Record<string, number> = {};
      const start = performance.now();
      try {
        let bytes: Uint8Array = new Uint8Array();
        for (let time = 0; time < times; time++) {
          const made = await render(source, plan);
          bytes = made.bytes;
          for (const [stage, millis] of Object.entries(made.stages)) sums[stage] = (sums[stage] ?? 0) + millis;
        }
        const total = (performance.now() - start) / times;
        const stages = Object.fromEntries(Object.entries(sums).map(([stage, millis]) => [stage, millis / times]));
        const measured: WorkerMeasured = { total, stages };
        if (isFirst) measured.wasmBytes = wasmBytesSoFar();
        isFirst = false;
        // A copy: the runtime will not send what lies in WASM memory.
        return new Response(bytes.slice(), { headers: { [measuredHead]: JSON.stringify(measured) } });
      } catch (error) {
        return new Response(error instanceof Error ? `${error.name}: ${error.message}` : String(error), {
          status: 422,
        });
      }
    },
  };
}
