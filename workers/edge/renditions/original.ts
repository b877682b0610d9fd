import { Problem } from "@vitrine/contracts";
import type { Services } from "../context.ts";

interface ByteRange {
  offset: number;
  length: number;
}

/** The stored bytes as they came, whole or one range of them (RFC 9110 §14). */
export async function answerOriginal(
  services: Pick<Services, "originals">,
  originalHash: string,
  request: { range: string | null; headers: Headers },
): Promise<Response> {
  const head = request.range ? await services.originals.head(originalHash) : null;
  const range = head && request.range ? parseRange(request.range, head.size) : undefined;
  if (range === "unsatisfiable") {
    return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${head?.size ?? 0}` } });
  }
  const file = await services.originals.get(originalHash, range ? { range } : {});
  if (!file) throw new Problem("not-found", "The original of this pin is gone.");
  const headers = new Headers(request.headers);
  headers.set("Content-Type", file.httpMetadata?.contentType ?? "application/octet-stream");
  headers.set("Content-Length", String(range?.length ?? file.size));
  headers.set("Accept-Ranges", "bytes");
  headers.set("Server-Timing", 'cache;desc="r2", hit');
  if (!range) return new Response(file.body, { headers });
  headers.set("Content-Range", `bytes ${range.offset}-${range.offset + range.length - 1}/${file.size}`);
  return new Response(file.body, { status: 206, headers });
}

/** One range of bytes; undefined (the whole) for several, and for what is no range. */
function parseRange(header: string, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(size - 1, Number(last));
  if (first !== "" && last !== "" && Number(last) < start) return undefined;
  return start > end ? "unsatisfiable" : { offset: start, length: end - start + 1 };
}
