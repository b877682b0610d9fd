/** The body of a bulk load: lines, plain or gzipped, bounded before and after they are unpacked. */
import { limits, Problem } from "@vitrine/contracts";
import type { Context } from "hono";
import type { EdgeEnv } from "../context.ts";

/** The lines of the body, blank ones included, so that a line's place tells its number. */
export async function readLines(c: Context<EdgeEnv>): Promise<string[]> {
  if (!/^application\/x-ndjson\b/i.test(c.req.header("content-type") ?? "")) {
    throw new Problem("unsupported-media-type", "Send application/x-ndjson: one JSON object a line.");
  }
  const text = await readText(unpacked(c), (c.req.header("content-encoding") ?? "") !== "");
  const lines = text.split("\n", limits.maxBulkLines + 2);
  if (lines.at(-1) === "") lines.pop();
  if (lines.length <= limits.maxBulkLines) return lines;
  throw new Problem("payload-too-large", `Send at most ${limits.maxBulkLines} lines in one request.`);
}

function unpacked(c: Context<EdgeEnv>): ReadableStream<Uint8Array> {
  const encoding = (c.req.header("content-encoding") ?? "identity").trim().toLowerCase();
  const body = c.req.raw.body ?? new Blob([]).stream();
  if (encoding === "identity" || encoding === "") return body;
  if (encoding === "gzip") return body.pipeThrough(new DecompressionStream("gzip"));
  throw new Problem("unsupported-media-type", "Send the lines plain, or with Content-Encoding: gzip.");
}

/** Reads no further than the limit, whatever a small body unpacks to. */
async function readText(body: ReadableStream<Uint8Array>, isPacked: boolean): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  const reader = body.getReader();
  for (;;) {
    const chunk = await reader.read().catch((cause: unknown) => {
      const what = isPacked ? "a body that is gzip to its end" : "a complete body";
      throw new Problem("invalid-request", `Send ${what}.`, { cause });
    });
    if (chunk.done) return text + decoder.decode();
    bytes += chunk.value.byteLength;
    if (bytes > limits.maxBulkBytes) {
      await reader.cancel().catch(() => undefined);
      throw new Problem("payload-too-large", `Send at most ${limits.maxBulkBytes} bytes of lines in one request.`);
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
}
