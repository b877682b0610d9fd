/** `/i/{pin}/{preset}[.{jpg|webp|avif|png}]`: who may see it, then 304, then the nearest tier that has it. */
import { type PinId, Problem, type RenditionFormat } from "@vitrine/contracts";
import { dependsOnAlpha, negotiateFormat, parseRenditionPath, planForPreset, renditionEtag } from "@vitrine/image";
import type { ShownPicture } from "@vitrine/store";
import type { Context } from "hono";
import { optionalUser } from "../auth.ts";
import type { EdgeEnv } from "../context.ts";
import { isSeenBy, originalOf, pinPicture } from "../pin-access.ts";
import { pinNotFound } from "../pins.ts";
import { hasAlpha } from "../renditions/alpha.ts";
import { type FoundRendition, findRendition } from "../renditions/find-rendition.ts";
import { answerOriginal } from "../renditions/original.ts";
import { createRouter } from "../router.ts";
import { verifyRenditionSignature } from "../signing.ts";

/**
 * A pin's picture never changes, but the pin may be deleted or its board turn secret: a day is how long a browser
 * may still show it. Behind that the old one may be shown while a new answer is fetched or cannot be had.
 */
const publicCaching = "public, max-age=86400, stale-while-revalidate=86400, stale-if-error=604800";
/** Only in the member's own browser, and soon asked again: a membership ends. */
const secretCaching = "private, max-age=300";
/** What stands in for a rendition is to be gone as soon as the right one can be made. */
const substituteCaching = "private, max-age=5";

export const renditionRoutes = createRouter();

renditionRoutes.get("/i/*", async (c) => {
  const response = await answer(c);
  if (c.req.raw.method !== "HEAD" || !response.body) return response;
  await response.body.cancel();
  return new Response(null, response);
});

renditionRoutes.on(["POST", "PUT", "PATCH", "DELETE"], "/i/*", () => {
  throw new Problem("method-not-allowed", "Renditions are only read: use GET or HEAD.");
});

async function answer(c: Context<EdgeEnv>): Promise<Response> {
  const { services } = c.var;
  const { pinId, preset, format: extension } = parseRenditionPath(c.req.path);
  const picture = await pinPicture(services, pinId, Date.now());
  if (!picture) throw pinNotFound();
  await assertSeen(c, picture);
  const originalHash = originalOf(picture);
  const headers = commonHeaders(picture, { pinId: pinId as PinId, originalHash });

  if (preset === "original") {
    headers.set("ETag", `"${originalHash}"`);
    if (isUnchanged(c, headers)) return notModified(headers);
    const isSameFile = [undefined, headers.get("ETag")].includes(c.req.header("if-range"));
    return answerOriginal(services, originalHash, {
      range: isSameFile ? (c.req.header("range") ?? null) : null,
      headers,
    });
  }

  const accept = c.req.header("accept") ?? null;
  const plan = planForPreset(preset, extension ?? (await negotiate(c, originalHash)));
  if (!extension) headers.append("Vary", "Accept");
  headers.set("ETag", renditionEtag(originalHash, plan));
  if (isUnchanged(c, headers)) return notModified(headers);
  return respond(await findRendition(services, { originalHash, plan, accept }), headers);
}

/** A public board, a member's token, or a signature; for all others there is no such pin. */
async function assertSeen(c: Context<EdgeEnv>, picture: ShownPicture): Promise<void> {
  if (isSeenBy(picture, optionalUser(c))) return;
  const { signingKey } = c.var.services.settings;
  if (!signingKey) throw pinNotFound();
  const { exp, sig } = c.req.query();
  const verdict = await verifyRenditionSignature(signingKey, c.req.path, { exp, sig, nowSeconds: Date.now() / 1000 });
  if (verdict === "valid") return;
  // Whoever has a genuine signature has seen the pin before: it tells nothing new.
  if (verdict === "expired") throw new Problem("gone", "This signed URL has expired: ask for the pin again.");
  throw pinNotFound();
}

async function negotiate(c: Context<EdgeEnv>, originalHash: string): Promise<RenditionFormat> {
  const accept = c.req.header("accept");
  const alpha = dependsOnAlpha(accept) && (await hasAlpha(c.var.services, originalHash));
  return negotiateFormat(accept, { hasAlpha: alpha });
}

function commonHeaders(
  picture: ShownPicture,
  { pinId, originalHash }: { pinId: PinId; originalHash: string },
): Headers {
  const headers = new Headers({
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": picture.visibility === "public" ? publicCaching : secretCaching,
    "Cache-Tag": `pin:${pinId},original:${originalHash}`,
    "Content-Disposition": "inline",
    // An uploaded file shown as a page of its own must not be able to do anything.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Timing-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
  });
  if (picture.visibility === "secret") headers.append("Vary", "Authorization");
  return headers;
}

/** If-None-Match compares weakly (RFC 9110 §13.1.2): a proxy may have marked our ETag so. */
function isUnchanged(c: Context<EdgeEnv>, headers: Headers): boolean {
  const known = c.req.header("if-none-match");
  if (known === undefined) return false;
  const etags = known.split(",").map((etag) => etag.trim().replace(/^W\//, ""));
  return etags.includes("*") || etags.includes(headers.get("ETag") ?? "");
}

function notModified(headers: Headers): Response {
  headers.set("Server-Timing", 'cache;desc="browser", hit');
  return new Response(null, { status: 304, headers });
}

function respond(found: FoundRendition, headers: Headers): Response {
  headers.set("Content-Type", found.contentType);
  headers.set("Server-Timing", found.timing);
  if (found.contentLength !== null) headers.set("Content-Length", found.contentLength);
  if (found.isSubstitute) {
    headers.delete("ETag");
    headers.set("Cache-Control", substituteCaching);
  }
  return new Response(found.body, { headers });
}
