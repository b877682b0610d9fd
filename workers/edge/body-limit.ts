import { limits, Problem } from "@vitrine/contracts";
import { bodyLimit } from "hono/body-limit";

/** Refuses a body of more bytes, by its Content-Length, or while reading when it has none. */
export function limitBody(maxBytes: number) {
  return bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new Problem("payload-too-large", `Send at most ${maxBytes} bytes in one request.`);
    },
  });
}

/** For JSON bodies of a few fields. */
export const limitJson = limitBody(limits.maxJsonBytes);
