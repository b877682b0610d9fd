/** For back ends: purging what is kept of a pin's picture, and signing the path of any picture. */
import { createRoute } from "@hono/zod-openapi";
import { PinId, Problem, PurgeReport, SignedUrl, SignPath } from "@vitrine/contracts";
import { getPin, getShownPicture } from "@vitrine/store";
import type { Context } from "hono";
import { z } from "zod";
import { needs, requireWriter } from "../auth.ts";
import { limitJson } from "../body-limit.ts";
import type { EdgeEnv } from "../context.ts";
import { ActingQuery, json, jsonBody, problems, withToken } from "../openapi.ts";
import { forgetPin } from "../pin-access.ts";
import { pinNotFound } from "../pins.ts";
import { purgeRenditions, purgeTag } from "../renditions/purge.ts";
import { createRouter } from "../router.ts";
import { requireSigningKey, signRenditionPath } from "../signing.ts";

export const deliveryRoutes = createRouter();

deliveryRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/pins/{id}/purge",
    tags: ["renditions"],
    summary: "Drop what is kept of a pin's renditions; its creator may, the owner of its board, and a service",
    description:
      "They are made again when they are asked for. One call deletes at most 200: purge again while `more` is true.",
    security: withToken,
    middleware: [needs("writer")] as const,
    request: { params: z.object({ id: PinId }), query: ActingQuery },
    responses: {
      200: json(PurgeReport, "What was dropped"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found", "unavailable"),
    },
  }),
  async (c) => {
    const { services } = c.var;
    const { id } = c.req.valid("param");
    const originalHash = await purgeableOriginal(c, id);
    forgetPin(id);
    const tag = `pin:${id}`;
    purgeTag(services, tag);
    if (originalHash === null) return c.json({ pinId: id, purged: 0, more: false, tag }, 200);
    const dropped = await purgeRenditions(services, originalHash).catch((cause: unknown) => {
      const again = { cause, retryAfterSeconds: 5 };
      throw new Problem(
        "unavailable",
        "The kept renditions cannot be deleted now: purge again in a few seconds.",
        again,
      );
    });
    return c.json({ pinId: id, ...dropped, tag }, 200);
  },
);

/** The hash of the pin's picture, null without one, if the caller may purge it. */
async function purgeableOriginal(c: Context<EdgeEnv>, id: PinId): Promise<string | null> {
  const database = c.var.services.databases.forId(id);
  const isService = c.var.principal?.scope === "service" && c.req.query("user") === undefined;
  if (isService) {
    const picture = await getShownPicture(database, id);
    if (!picture) throw pinNotFound();
    return picture.originalHash;
  }
  const viewer = requireWriter(c);
  const pin = await getPin(database, id, viewer);
  if (!pin) throw pinNotFound();
  if (pin.userId === viewer || pin.boardOwnerId === viewer) return pin.originalHash;
  throw new Problem("forbidden", "Only the pin's creator, the owner of its board and a service may do this.");
}

deliveryRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/signed-urls",
    tags: ["renditions"],
    summary: "Sign the path of any picture, with its options, so that it can be seen until the signature expires",
    security: withToken,
    middleware: [needs("service"), limitJson] as const,
    request: { body: jsonBody(SignPath) },
    responses: {
      200: json(SignedUrl, "The signed path"),
      ...problems("invalid-request", "unauthorized", "forbidden", "payload-too-large", "not-configured"),
    },
  }),
  async (c) => {
    const { path, expiresInSeconds } = c.req.valid("json");
    const key = requireSigningKey(c.var.services.settings.signingKey);
    const expiresAt = Math.floor(Date.now() / 1000) + expiresInSeconds;
    const url = await signRenditionPath(key, path, expiresAt);
    return c.json({ url, expiresAt: new Date(expiresAt * 1000).toISOString() }, 200);
  },
);
