import { createRoute } from "@hono/zod-openapi";
import { BoardId, limits, PinId, RelatedPins } from "@vitrine/contracts";
import { z } from "zod";
import { optionalUser } from "../auth.ts";
import { ActingInRegion, json, problems, tokenOptional } from "../openapi.ts";
import { relatedPins } from "../related/related-pins.ts";
import { createRouter } from "../router.ts";

export const relatedRoutes = createRouter();

const RelatedQuery = ActingInRegion.extend({
  limit: z.coerce.number().int().min(1).max(limits.maxFeedPageSize).default(limits.defaultFeedPageSize),
  cursor: z
    .string()
    .max(limits.maxCursorCharacters)
    .optional()
    .meta({ description: "From the page before, of the same pin and board; a scroll never shows a pin twice." }),
  boardId: BoardId.optional().meta({
    description: "A board that the caller sees: pins that suit it come first, those that are on it not at all.",
  }),
});

relatedRoutes.openapi(
  createRoute({
    method: "get",
    path: "/v1/pins/{id}/related",
    tags: ["feed"],
    summary: "Find pins that are kept together with a pin, or that look like it",
    description: "With a token, without what its user saved, made, hid or blocked.",
    security: tokenOptional,
    request: { params: z.object({ id: PinId }), query: RelatedQuery },
    responses: {
      200: json(RelatedPins, "The most related first; `degraded` names what had to be left out"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found"),
    },
  }),
  async (c) => {
    const startedAt = performance.now();
    const { region = null, limit, cursor, boardId } = c.req.valid("query");
    const { id: pinId } = c.req.valid("param");
    const request = { pinId, boardId, userId: optionalUser(c), region, limit, cursor };
    const { answer, tier } = await relatedPins(c.var.services, request);
    c.header("Server-Timing", `total;dur=${(performance.now() - startedAt).toFixed(1)}, tier;desc="${tier}"`);
    return c.json(answer, 200);
  },
);
