/** `/i/{pin}/{preset}[.{jpg|webp|avif|png}]`: who may see it, then 304, then the nearest tier that has it. */
import { type PinId, Problem, type RenditionFormat } from "@vitrine/contracts";
import { dependsOnAlpha, negotiateFormat, parseRenditionPath, planForPreset, renditionEtag } from "@vitrine/image";
import type { Context } from "hono";
import type { EdgeEnv } from "../context.ts";
import { originalOf, pinPicture } from "../pin-access.ts";
import { pinNotFound } from "../pins.ts";
import { assertSeen } from "../renditions/access.ts";
import { hasAlpha } from "../renditions/alpha.ts";
import { commonHeaders, isUnchanged, notModified, respond, withoutBodyForHead } from "../renditions/answer.ts";
import { findRendition } from "../renditions/find-rendition.ts";
import { answerOriginal } from "../renditions/original.ts";
import { createRouter } from "../router.ts";

export const renditionRoutes = createRouter();

renditionRoutes.get("/i/*", async (c) => withoutBodyForHead(c, await answer(c)));

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

async function negotiate(c: Context<EdgeEnv>, originalHash: string): Promise<RenditionFormat> {
  const accept = c.req.header("accept");
  const alpha = dependsOnAlpha(accept) && (await hasAlpha(c.var.services, originalHash));
  return negotiateFormat(accept, { hasAlpha: alpha });
}
