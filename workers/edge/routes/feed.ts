import { createRoute } from "@hono/zod-openapi";
import { FeedPage, limits } from "@vitrine/contracts";
import { z } from "zod";
import { optionalUser } from "../auth.ts";
import { noCalls, serverTiming } from "../feed/calls.ts";
import { feedPage } from "../feed/feed-page.ts";
import { countShown } from "../feed/shown-pages.ts";
import { ActingInRegion, json, problems, tokenOptional } from "../openapi.ts";
import { createRouter } from "../router.ts";

export const feedRoutes = createRouter();

const FeedQuery = ActingInRegion.extend({
  limit: z.coerce.number().int().min(1).max(limits.maxFeedPageSize).default(limits.defaultFeedPageSize),
  cursor: z
    .string()
    .max(limits.maxCursorCharacters)
    .optional()
    .meta({ description: "From the page before; a scroll never shows a pin twice." }),
});

feedRoutes.openapi(
  createRoute({
    method: "get",
    path: "/v1/feed",
    tags: ["feed"],
    summary: "Read a page of a user's feed, or of what is trending and fresh without a token",
    security: tokenOptional,
    request: { query: FeedQuery },
    responses: {
      200: json(FeedPage, "A page; `degraded` names what had to be left out"),
      ...problems("invalid-request", "unauthorized", "forbidden"),
    },
  }),
  async (c) => {
    const startedAt = performance.now();
    const { region = null, limit, cursor } = c.req.valid("query");
    const calls = noCalls();
    const page = await feedPage(c.var.services, { userId: optionalUser(c), region, limit, cursor }, calls);
    const pinIds = page.items.map(({ pin }) => pin.id);
    countShown(c.var.services, { region: page.region, pinIds, now: Date.now() });
    // A feed moves with every action of its user, and what was hidden must not come back from a cache.
    c.header("Cache-Control", "private, no-store");
    c.header("Server-Timing", serverTiming(calls, performance.now() - startedAt));
    return c.json(page, 200);
  },
);
