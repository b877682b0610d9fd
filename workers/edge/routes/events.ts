import { createRoute } from "@hono/zod-openapi";
import { EventBatch, EventReceipt, limits } from "@vitrine/contracts";
import { recordActions } from "../activity.ts";
import { needs, requireWriter } from "../auth.ts";
import { limitBody } from "../body-limit.ts";
import { ActingInRegion, json, jsonBody, problems, withToken } from "../openapi.ts";
import { createRouter } from "../router.ts";

export const eventRoutes = createRouter();

/** Clients may report late (a phone without a network), but not so late that the event moves old trends. */
const maxLatenessMillis = 24 * 3_600_000;

eventRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/events",
    tags: ["feed"],
    summary: "Report what a user did; an event id counts once, however often it is sent",
    security: withToken,
    middleware: [needs("writer"), limitBody(limits.maxEventsBytes)] as const,
    request: { query: ActingInRegion, body: jsonBody(EventBatch) },
    responses: {
      202: json(EventReceipt, "What was taken; events on unknown pins are left out and named"),
      ...problems("invalid-request", "unauthorized", "forbidden", "payload-too-large"),
    },
  }),
  async (c) => {
    const { services } = c.var;
    const { events, userId: actingFor } = c.req.valid("json");
    const userId = requireWriter(c, actingFor);
    const region = c.req.valid("query").region ?? services.region;
    const now = Date.now();
    const actions = events.map(({ id, type, pinId, occurredAt }) => ({
      // Two users may choose the same id; the region's store and D1 know ids across all users.
      id: `${userId}.${id}`,
      type,
      pinId,
      occurredAt: Math.min(Math.max(occurredAt ? Date.parse(occurredAt) : now, now - maxLatenessMillis), now),
    }));
    const receipt = await recordActions(services, userId, region, actions);
    return c.json(receipt, 202);
  },
);
