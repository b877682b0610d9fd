/** The headers that every answer about a pin's picture has, and answers without a body. */
import type { PinId } from "@vitrine/contracts";
import type { ShownPicture } from "@vitrine/store";
import type { Context } from "hono";
import type { EdgeEnv } from "../context.ts";
import type { FoundRendition } from "./find-rendition.ts";

/**
 * A pin's picture never changes, but the pin may be deleted or its board turn secret: a day is how long a browser
 * may still show it. Behind that the old one may be shown while a new answer is fetched or cannot be had.
 */
const publicCaching = "public, max-age=86400, stale-while-revalidate=86400, stale-if-error=604800";
/** Only in the member's own browser, and soon asked again: a membership ends. */
const secretCaching = "private, max-age=300";
/** What stands in for a rendition is to be gone as soon as the right one can be made. */
const substituteCaching = "private, max-age=5";

/** Headers of an answer that is made of the pin's original alone, or of what the tags name. */
export function commonHeaders(
  picture: Pick<ShownPicture, "visibility">,
  of: { pinId: PinId; originalHash: string } | readonly string[],
): Headers {
  const headers = new Headers({
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": picture.visibility === "public" ? publicCaching : secretCaching,
    "Cache-Tag": "pinId" in of ? `pin:${of.pinId},original:${of.originalHash}` : of.join(","),
    "Content-Disposition": "inline",
    // An uploaded file shown as a page of its own must not be able to do anything.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Timing-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
  });
  if (picture.visibility === "secret") headers.append("Vary", "Authorization");
  return headers;
}

/** Whether the client has what the headers name; If-None-Match compares weakly (RFC 9110 §13.1.2): a proxy may have marked our ETag so. */
export function isUnchanged(c: Context<EdgeEnv>, headers: Headers): boolean {
  const known = c.req.header("if-none-match");
  if (known === undefined) return false;
  const etags = known.split(",").map((etag) => etag.trim().replace(/^W\//, ""));
  return etags.includes("*") || etags.includes(headers.get("ETag") ?? "");
}

/** The 304 of headers that the client knows. */
export function notModified(headers: Headers): Response {
  headers.set("Server-Timing", 'cache;desc="browser", hit');
  return new Response(null, { status: 304, headers });
}

/** The answer with a rendition, and without what lets it be kept when it is a substitute. */
export function respond(found: FoundRendition, headers: Headers): Response {
  headers.set("Content-Type", found.contentType);
  headers.set("Server-Timing", found.timing);
  if (found.contentLength !== null) headers.set("Content-Length", found.contentLength);
  if (found.isSubstitute) {
    headers.delete("ETag");
    headers.set("Cache-Control", substituteCaching);
  }
  return new Response(found.body, { headers });
}

/** The answer as it is, or its headers alone when only they were asked for. */
export async function withoutBodyForHead(c: Context<EdgeEnv>, response: Response): Promise<Response> {
  if (c.req.raw.method !== "HEAD" || !response.body) return response;
  await response.body.cancel();
  return new Response(null, response);
}
