import { createRoute } from "@hono/zod-openapi";
import { Pin, PinId, Problem, SignedUrl, SignUrl } from "@vitrine/contracts";
import { getPin, retryPin } from "@vitrine/store";
import { z } from "zod";
import { needs, requireUser, requireWriter } from "../auth.ts";
import { limitJson } from "../body-limit.ts";
import { ActingQuery, json, jsonBody, problems, withToken } from "../openapi.ts";
import { queuePicture } from "../pin-creation.ts";
import { pinBody, pinNotFound, renditionPath, retryAfter } from "../pins.ts";
import { createRouter } from "../router.ts";
import { requireSigningKey, signRenditionPath } from "../signing.ts";

export const pinActionRoutes = createRouter();

const tags = ["pins"];
const ofPin = z.object({ id: PinId });

pinActionRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/pins/{id}/retry",
    tags,
    summary: "Try a failed pin again; its creator may, the owner of its board, and a service",
    security: withToken,
    middleware: [needs("writer")] as const,
    request: { params: ofPin, query: ActingQuery },
    responses: {
      200: json(Pin, "The pin is ready already"),
      202: json(Pin, "The pin is provisional and queued"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found"),
    },
  }),
  async (c) => {
    const { services } = c.var;
    const { id } = c.req.valid("param");
    const isService = c.var.principal?.scope === "service" && c.req.query("user") === undefined;
    const viewer = isService ? null : requireWriter(c);
    const { before, after } = await retryPin(services.databases.forId(id), { id, viewer, now: Date.now() });
    if (!before || !after) throw pinNotFound();
    if (after.status === "failed" || (viewer && before.userId !== viewer && before.boardOwnerId !== viewer)) {
      throw new Problem("forbidden", "Only the pin's creator, the owner of its board and a service may do this.");
    }
    if (after.status === "provisional") await queuePicture(services, id);
    const body = await pinBody(after, services.settings);
    return after.status === "provisional" ? c.json(body, 202, retryAfter(after)) : c.json(body, 200);
  },
);

pinActionRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/pins/{id}/signed-url",
    tags,
    summary: "Sign the URL of a rendition, so that it can be seen without a token until it expires",
    security: withToken,
    middleware: [needs("reader"), limitJson] as const,
    request: { params: ofPin, query: ActingQuery, body: jsonBody(SignUrl) },
    responses: {
      200: json(SignedUrl, "The signed URL"),
      ...problems("invalid-request", "unauthorized", "not-found", "payload-too-large", "not-configured"),
    },
  }),
  async (c) => {
    const { databases, settings } = c.var.services;
    const { id } = c.req.valid("param");
    const { preset, expiresInSeconds } = c.req.valid("json");
    if (!(await getPin(databases.forId(id), id, requireUser(c)))) throw pinNotFound();
    const expiresAt = Math.floor(Date.now() / 1000) + expiresInSeconds;
    const key = requireSigningKey(settings.signingKey);
    const url = await signRenditionPath(key, renditionPath(id, preset), expiresAt);
    return c.json({ url, expiresAt: new Date(expiresAt * 1000).toISOString() }, 200);
  },
);
