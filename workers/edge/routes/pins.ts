import { createRoute } from "@hono/zod-openapi";
import {
  CreatePin,
  limits,
  PageQuery,
  Pin,
  PinId,
  PinPage,
  PinStatus,
  Problem,
  UpdatePin,
  UploadPin,
  type UserId,
} from "@vitrine/contracts";
import { deletePin, getPin, listPinsByStatus, type PinView, updatePin } from "@vitrine/store";
import { z } from "zod";
import { forgetVectors, tellAllRegions } from "../aftermath.ts";
import { needs, optionalUser, requireWriter } from "../auth.ts";
import { limitJson } from "../body-limit.ts";
import { ActingQuery, json, jsonBody, problems, tokenOptional, withToken } from "../openapi.ts";
import { cursorOf, pageRequest } from "../paging.ts";
import { limitPinBody, readPinRequest } from "../picture-upload.ts";
import { forgetPin } from "../pin-access.ts";
import { makePin } from "../pin-creation.ts";
import { pinBody, pinNotFound, retryAfter } from "../pins.ts";
import { createRouter } from "../router.ts";

export const pinRoutes = createRouter();

const tags = ["pins"];
const path = "/v1/pins/{id}";
const ofPin = z.object({ id: PinId });

const creation = createRoute({
  method: "post",
  path: "/v1/pins",
  tags,
  summary: "Make a pin of a picture, of the URL of one, or of words alone",
  description: "On boards where you are owner or collaborator. The same Idempotency-Key answers the same pin.",
  security: withToken,
  request: {
    query: ActingQuery,
    headers: z.object({ "idempotency-key": z.string().min(1).max(limits.maxIdempotencyKeyCharacters).optional() }),
    body: {
      required: true,
      content: { "multipart/form-data": { schema: UploadPin }, "application/json": { schema: CreatePin } },
    },
  },
  responses: {
    200: json(Pin, "The pin that this key made before, ready by now"),
    201: json(Pin, "A pin of words, ready at once"),
    202: json(Pin, "A provisional pin: its picture is kept and will be made ready"),
    ...problems(
      ...(["invalid-request", "unauthorized", "forbidden", "not-found", "gone", "payload-too-large"] as const),
      ...(["unsupported-media-type", "unprocessable-image", "url-not-allowed", "unavailable"] as const),
    ),
  },
});

// The body is read by hand: the router's own reading would keep three copies of 30 MB in memory.
pinRoutes.openAPIRegistry.registerPath(creation);
pinRoutes.post(creation.getRoutingPath(), needs("writer"), limitPinBody, async (c) => {
  const { services } = c.var;
  const userId = requireWriter(c);
  const idempotencyKey = idempotencyKeyOf(c.req.header("idempotency-key"));
  const { pin, isNew } = await makePin(services, { userId, idempotencyKey, request: await readPinRequest(c) });
  const headers = { location: `/v1/pins/${pin.id}`, ...retryAfter(pin) };
  return c.json(await pinBody(pin, services.settings), statusOf(pin, isNew), headers);
});

function statusOf(pin: PinView, isNew: boolean): 200 | 201 | 202 {
  if (pin.status === "provisional") return 202;
  return isNew ? 201 : 200;
}

function idempotencyKeyOf(header: string | undefined): string | null {
  const parsed = creation.request.headers.shape["idempotency-key"].safeParse(header);
  if (parsed.success) return parsed.data ?? null;
  const most = limits.maxIdempotencyKeyCharacters;
  throw new Problem("invalid-request", `Send an Idempotency-Key of 1 to ${most} characters, or none.`);
}

pinRoutes.openapi(
  createRoute({
    method: "get",
    path: "/v1/pins",
    tags,
    summary: "List pins that are not ready, for operators",
    security: withToken,
    middleware: [needs("service")] as const,
    request: { query: PageQuery.extend({ status: PinStatus }) },
    responses: { 200: json(PinPage, "A page of pins"), ...problems("invalid-request", "unauthorized", "forbidden") },
  }),
  async (c) => {
    const { databases, settings } = c.var.services;
    const { status, ...query } = c.req.valid("query");
    const page = await listPinsByStatus(databases, { ...pageRequest(query), status });
    const items = await Promise.all(page.items.map((pin) => pinBody(pin, settings)));
    return c.json({ items, cursor: cursorOf(page) }, 200);
  },
);

pinRoutes.openapi(
  createRoute({
    method: "get",
    path,
    tags,
    summary: "Read a pin",
    security: tokenOptional,
    request: { params: ofPin, query: ActingQuery },
    responses: { 200: json(Pin, "The pin"), ...problems("invalid-request", "unauthorized", "not-found") },
  }),
  async (c) => {
    const { databases, settings } = c.var.services;
    const { id } = c.req.valid("param");
    const pin = await getPin(databases.forId(id), id, optionalUser(c));
    if (!pin) throw pinNotFound();
    return c.json(await pinBody(pin, settings), 200, retryAfter(pin));
  },
);

pinRoutes.openapi(
  createRoute({
    method: "patch",
    path,
    tags,
    summary: "Correct the words of a pin",
    security: withToken,
    middleware: [needs("writer"), limitJson] as const,
    request: { params: ofPin, query: ActingQuery, body: jsonBody(UpdatePin) },
    responses: {
      200: json(Pin, "The pin as it is now"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found", "payload-too-large"),
    },
  }),
  async (c) => {
    const { databases, settings } = c.var.services;
    const { id } = c.req.valid("param");
    const viewer = requireWriter(c);
    const target = { id, viewer, now: Date.now() };
    const { before, after } = await updatePin(databases.forId(id), target, c.req.valid("json"));
    const pin = changeablePin(before, viewer);
    return c.json(await pinBody(after ?? pin, settings), 200);
  },
);

pinRoutes.openapi(
  createRoute({
    method: "delete",
    path,
    tags,
    summary: "Delete a pin; its creator may, and the owner of its board",
    security: withToken,
    middleware: [needs("writer")] as const,
    request: { params: ofPin, query: ActingQuery },
    responses: {
      204: { description: "Deleted" },
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found"),
    },
  }),
  async (c) => {
    const { services } = c.var;
    const { id } = c.req.valid("param");
    const viewer = requireWriter(c);
    changeablePin(await deletePin(services.databases.forId(id), { id, viewer }), viewer);
    forgetPin(id);
    forgetVectors(services, [id]);
    await tellAllRegions(services, "bury", [id]);
    return c.body(null, 204);
  },
);

function changeablePin(pin: PinView | undefined, userId: UserId): PinView {
  if (!pin) throw pinNotFound();
  if (pin.userId === userId || pin.boardOwnerId === userId) return pin;
  throw new Problem("forbidden", "Only the pin's creator and the owner of its board may do this.");
}
