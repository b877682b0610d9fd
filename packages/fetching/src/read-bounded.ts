import { Problem } from "@vitrine/contracts";

/**
 * The body, read to its end, of at most `maxBytes` after decompression. What is longer is cut off at once with
 * `payload-too-large`, whatever Content-Length said.
 */
export async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.body) return new Uint8Array(0);
  if (Number(response.headers.get("Content-Length") ?? 0) > maxBytes) {
    await response.body.cancel();
    throw tooLarge(maxBytes);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop by an error cancels the stream.
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(maxBytes: number): Problem {
  const megabytes = Math.floor(maxBytes / (1024 * 1024));
  return new Problem("payload-too-large", `The picture at the URL is too large: link one of at most ${megabytes} MB.`);
}
