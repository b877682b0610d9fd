import { createRoute } from "@hono/zod-openapi";
import { Health } from "@vitrine/contracts";
import { pingDatabases } from "@vitrine/store";
import type { Services } from "../context.ts";
import { withDeadline } from "../deadline.ts";
import { json } from "../openapi.ts";
import { createRouter } from "../router.ts";

export const healthRoutes = createRouter();

/** A load balancer asks every few seconds; what has not answered by then is down for it. */
const checkDeadlineMillis = 2_000;

/** A key that never exists: a look-up of it costs a round trip and nothing else. */
const absentKey = "health";

for (const path of ["/health", "/v1/health"]) {
  healthRoutes.openapi(
    createRoute({
      method: "get",
      path,
      tags: ["service"],
      summary: "Tell what works",
      responses: {
        200: json(Health, "Serving, perhaps without something"),
        503: json(Health, "Not serving: the database does not answer"),
      },
    }),
    async (c) => {
      const health = await healthOf(c.var.services);
      c.header("cache-control", "no-store");
      return c.json(health, health.checks.database.status === "ok" ? 200 : 503);
    },
  );
}

async function healthOf({ databases, kv, originals, visualIndex }: Services): Promise<Health> {
  const [database, store, pictures, index] = await Promise.all([
    check("database", () => pingDatabases(databases)),
    check("kv", () => kv.get(absentKey)),
    check("pictures", () => originals.head(absentKey)),
    check("index", () => visualIndex.describe()),
  ]);
  const checks = { database, kv: store, pictures, index };
  const isWell = Object.values(checks).every(({ status }) => status === "ok");
  return { status: isWell ? "ok" : "degraded", checks };
}

async function check(what: string, ask: () => Promise<unknown>): Promise<Health["checks"]["database"]> {
  const startedAt = Date.now();
  try {
    await withDeadline(ask(), checkDeadlineMillis, what);
    return { status: "ok", millis: Date.now() - startedAt };
  } catch (error) {
    console.error(`health: ${what} is down`, error);
    return { status: "down", millis: Date.now() - startedAt };
  }
}
