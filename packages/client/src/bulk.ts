import type { BulkOperation, BulkReport } from "@vitrine/contracts";
import type { CallOptions, Transport } from "./transport.ts";
import type { WireInput } from "./wire-input.ts";

export interface BulkOptions extends CallOptions {
  /** Packs the lines, to about an eighth; on one machine it costs more than it saves. Default: true. */
  gzip?: boolean;
}

/** 10,000 lines take less than a second; a server at its limit has a minute. */
const bulkTimeoutMillis = 60_000;

export function bulkOf(send: Transport) {
  return {
    /**
     * Loads up to 10,000 operations or lines of NDJSON, 4 MiB at most; a service's call. Ids are made by the caller
     * (`@vitrine/client/ids`), so the same lines again change nothing. Bad lines are told in the report.
     */
    async load(
      operations: readonly WireInput<typeof BulkOperation>[] | string,
      { gzip = true, ...options }: BulkOptions = {},
    ): Promise<BulkReport> {
      const text =
        typeof operations === "string" ? operations : operations.map((each) => JSON.stringify(each)).join("\n");
      return send<BulkReport>({
        timeoutMillis: bulkTimeoutMillis,
        ...options,
        method: "POST",
        path: "/v1/bulk",
        bytes: gzip ? await packed(text) : new TextEncoder().encode(text),
        headers: { "content-type": "application/x-ndjson", ...(gzip ? { "content-encoding": "gzip" } : {}) },
        isRepeatable: true,
      });
    },
  };
}

async function packed(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
