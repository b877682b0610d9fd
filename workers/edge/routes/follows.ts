import { createRoute } from "@hono/zod-openapi";
import { BoardId, Follow, FollowPage, PageQuery, Problem, UserId } from "@vitrine/contracts";
import { type FollowRow, follow, listFollowsOf, unfollow } from "@vitrine/store";
import { z } from "zod";
import { tellOfChange } from "../activity.ts";
import { needs, requireUser, requireWriter } from "../auth.ts";
import { ActingQuery, json, problems, withToken } from "../openapi.ts";
import { cursorOf, pageRequest } from "../paging.ts";
import { createRouter } from "../router.ts";

export const followRoutes = createRouter();

const tags = ["follows"];
const params = z.object({ id: z.union([UserId, BoardId]) });

followRoutes.openapi(
  createRoute({
    method: "put",
    path: "/v1/follows/{id}",
    tags,
    summary: "Follow a user or a board",
    security: withToken,
    middleware: [needs("writer")] as const,
    request: { params, query: ActingQuery },
    responses: {
      200: json(Follow, "Followed before"),
      201: json(Follow, "Followed"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found"),
    },
  }),
  async (c) => {
    const { services } = c.var;
    const followerId = requireWriter(c);
    const targetId = c.req.valid("param").id;
    if (targetId === followerId) throw new Problem("invalid-request", "Follow somebody else; you are you already.");
    const database = services.databases.forId(followerId);
    const outcome = await follow(database, { followerId, targetId, createdAt: Date.now() });
    if (!outcome.isTargetVisible)
      throw new Problem("not-found", "There is no user or board of this id that you can see.");
    if (!outcome.follow) throw new Problem("forbidden", "The token's user does not exist here; make the user first.");
    const change = { relation: "follow", targetId, holds: true, at: outcome.follow.createdAt } as const;
    await tellOfChange(services, followerId, { region: services.region, change });
    return c.json(followBody(outcome.follow), outcome.isNew ? 201 : 200);
  },
);

followRoutes.openapi(
  createRoute({
    method: "delete",
    path: "/v1/follows/{id}",
    tags,
    summary: "End a follow",
    security: withToken,
    middleware: [needs("writer")] as const,
    request: { params, query: ActingQuery },
    responses: { 204: { description: "Not followed" }, ...problems("invalid-request", "unauthorized", "forbidden") },
  }),
  async (c) => {
    const { services } = c.var;
    const followerId = requireWriter(c);
    const targetId = c.req.valid("param").id;
    await unfollow(services.databases.forId(followerId), { followerId, targetId });
    const change = { relation: "follow", targetId, holds: false, at: Date.now() } as const;
    await tellOfChange(services, followerId, { region: services.region, change });
    return c.body(null, 204);
  },
);

followRoutes.openapi(
  createRoute({
    method: "get",
    path: "/v1/follows",
    tags,
    summary: "List whom and what you follow, newest first",
    security: withToken,
    request: { query: PageQuery.extend(ActingQuery.shape) },
    responses: { 200: json(FollowPage, "A page of follows"), ...problems("invalid-request", "unauthorized") },
  }),
  async (c) => {
    const followerId = requireUser(c);
    const request = { ...pageRequest(c.req.valid("query")), followerId };
    const page = await listFollowsOf(c.var.services.databases.forId(followerId), request);
    return c.json({ items: page.items.map(followBody), cursor: cursorOf(page) }, 200);
  },
);

function followBody({ targetId, createdAt }: FollowRow): Follow {
  const targetType = targetId.startsWith("usr_") ? "user" : "board";
  return { targetType, targetId, createdAt: new Date(createdAt).toISOString() };
}
