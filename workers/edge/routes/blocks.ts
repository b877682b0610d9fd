import { createRoute } from "@hono/zod-openapi";
import { Block, BlockPage, limits, PageQuery, Problem, UserId } from "@vitrine/contracts";
import { type BlockRow, block, findUser, listBlocksOf, unblock } from "@vitrine/store";
import { z } from "zod";
import { tellOfChange } from "../activity.ts";
import { needs, requireUser, requireWriter } from "../auth.ts";
import { ActingInRegion, ActingQuery, json, problems, withToken } from "../openapi.ts";
import { cursorOf, pageRequest } from "../paging.ts";
import { createRouter } from "../router.ts";

export const blockRoutes = createRouter();

const tags = ["blocks"];
const path = "/v1/users/{id}/block";
const request = { params: z.object({ id: UserId }), query: ActingInRegion };

blockRoutes.openapi(
  createRoute({
    method: "put",
    path,
    tags,
    summary: "Block a user, whose pins are no longer in your feeds from the next page on",
    security: withToken,
    middleware: [needs("writer")] as const,
    request,
    responses: {
      200: json(Block, "Blocked before"),
      201: json(Block, "Blocked"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found", "conflict"),
    },
  }),
  async (c) => {
    const { services } = c.var;
    const blockerId = requireWriter(c);
    const blockedId = c.req.valid("param").id;
    const { region = services.region } = c.req.valid("query");
    if (blockedId === blockerId) throw new Problem("invalid-request", "Block somebody else; your feeds leave you out.");
    if (!(await findUser(services.databases, blockedId)))
      throw new Problem("not-found", "There is no user of this id.");
    const row = { blockerId, blockedId, createdAt: Date.now() };
    const outcome = await block(services.databases.forId(blockerId), row);
    if (!outcome.doesBlockerExist)
      throw new Problem("forbidden", "The token's user does not exist here; make the user first.");
    if (!outcome.block)
      throw new Problem(
        "conflict",
        `A user blocks at most ${limits.maxBlocksPerUser} others; end another block first.`,
      );
    const change = { relation: "block", targetId: blockedId, holds: true, at: outcome.block.createdAt } as const;
    await tellOfChange(services, blockerId, { region, change });
    return c.json(blockBody(outcome.block), outcome.isNew ? 201 : 200);
  },
);

blockRoutes.openapi(
  createRoute({
    method: "delete",
    path,
    tags,
    summary: "End a block",
    security: withToken,
    middleware: [needs("writer")] as const,
    request,
    responses: { 204: { description: "Not blocked" }, ...problems("invalid-request", "unauthorized", "forbidden") },
  }),
  async (c) => {
    const { services } = c.var;
    const blockerId = requireWriter(c);
    const blockedId = c.req.valid("param").id;
    const { region = services.region } = c.req.valid("query");
    await unblock(services.databases.forId(blockerId), { blockerId, blockedId });
    const change = { relation: "block", targetId: blockedId, holds: false, at: Date.now() } as const;
    await tellOfChange(services, blockerId, { region, change });
    return c.body(null, 204);
  },
);

blockRoutes.openapi(
  createRoute({
    method: "get",
    path: "/v1/blocks",
    tags,
    summary: "List whom you block, newest first",
    security: withToken,
    request: { query: PageQuery.extend(ActingQuery.shape) },
    responses: { 200: json(BlockPage, "A page of blocks"), ...problems("invalid-request", "unauthorized") },
  }),
  async (c) => {
    const blockerId = requireUser(c);
    const database = c.var.services.databases.forId(blockerId);
    const page = await listBlocksOf(database, { ...pageRequest(c.req.valid("query")), blockerId });
    return c.json({ items: page.items.map(blockBody), cursor: cursorOf(page) }, 200);
  },
);

function blockBody({ blockedId, createdAt }: BlockRow): Block {
  return { userId: blockedId, createdAt: new Date(createdAt).toISOString() };
}
