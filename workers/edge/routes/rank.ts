import { createRoute } from "@hono/zod-openapi";
import { RankCandidates, RankedPins } from "@vitrine/contracts";
import { optionalUser, requireUser } from "../auth.ts";
import { limitJson } from "../body-limit.ts";
import { ActingInRegion, json, jsonBody, problems, tokenOptional } from "../openapi.ts";
import { rankPins } from "../rank/rank-pins.ts";
import { createRouter } from "../router.ts";

export const rankRoutes = createRouter();

rankRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/rank",
    tags: ["feed"],
    summary: "Put candidates of your own in the order that a user would like",
    description:
      "Best first; by popularity without a user. Scores of the same user and model compare between requests. A score is " +
      "at or below -10000 where a candidate could not be looked up in time: those stand last, in the order given.",
    security: tokenOptional,
    middleware: [limitJson] as const,
    request: { query: ActingInRegion, body: jsonBody(RankCandidates) },
    responses: {
      200: json(RankedPins, "The candidates in their order; `degraded` names what had to be left out"),
      ...problems("invalid-request", "unauthorized", "forbidden", "payload-too-large"),
    },
  }),
  async (c) => {
    const startedAt = performance.now();
    const { region = null } = c.req.valid("query");
    const { pinIds, userId: actingFor, limit } = c.req.valid("json");
    const userId = actingFor ? requireUser(c, actingFor) : optionalUser(c);
    const ranked = await rankPins(c.var.services, { pinIds, userId, region, limit });
    c.header("Server-Timing", `total;dur=${(performance.now() - startedAt).toFixed(1)}`);
    return c.json(ranked, 200);
  },
);
