import { createRoute } from "@hono/zod-openapi";
import { DemoSession, DemoUsers, limits, Problem, StartDemoSession } from "@vitrine/contracts";
import { findUser, listSpectators } from "@vitrine/store";
import type { MiddlewareHandler } from "hono";
import { limitJson } from "../body-limit.ts";
import type { EdgeEnv } from "../context.ts";
import { json, jsonBody, problems } from "../openapi.ts";
import { createRouter } from "../router.ts";
import { issueToken } from "../tokens.ts";
import { userBody } from "./users.ts";

export const demoRoutes = createRouter();

const tags = ["demo"];

/** A day of looking around, and no longer. */
const sessionSeconds = 24 * 3600;

/** Local demo only: elsewhere these paths do not exist. */
const demoOnly: MiddlewareHandler<EdgeEnv> = async (c, next) => {
  if (!c.var.services.settings.isDemo) throw new Problem("not-found", "There is no demo here.");
  await next();
};

demoRoutes.openapi(
  createRoute({
    method: "get",
    path: "/demo/users",
    tags,
    summary: "List the users that anybody may act as and whose feeds have something to show",
    middleware: [demoOnly] as const,
    responses: { 200: json(DemoUsers, "The demo's users, by handle"), ...problems("not-found") },
  }),
  async (c) => {
    const page = await listSpectators(c.var.services.databases, { limit: limits.maxListPageSize, after: null });
    const users = page.items.map(userBody).sort((a, b) => (a.handle < b.handle ? -1 : 1));
    return c.json({ users }, 200);
  },
);

demoRoutes.openapi(
  createRoute({
    method: "post",
    path: "/demo/session",
    tags,
    summary: "Get a token of a demo user",
    middleware: [demoOnly, limitJson] as const,
    request: { body: jsonBody(StartDemoSession) },
    responses: {
      200: json(DemoSession, "A token of scope writer for a day"),
      ...problems("invalid-request", "not-found", "not-configured"),
    },
  }),
  async (c) => {
    const { databases, settings } = c.var.services;
    const { handle } = c.req.valid("json");
    const user = await findUser(databases, handle);
    if (!user) throw new Problem("not-found", "There is no demo user of this handle; see GET /demo/users.");
    const token = await issueToken({ userId: user.id, scope: "writer" }, settings, sessionSeconds);
    return c.json({ token, user: userBody(user) }, 200);
  },
);
