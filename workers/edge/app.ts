import type { Context } from "hono";
import { cors } from "hono/cors";
import { authenticate } from "./auth.ts";
import type { EdgeEnv, Services } from "./context.ts";
import { notFoundResponse, problemResponse } from "./problems.ts";
import { createRouter } from "./router.ts";

/** Every route of the edge, and the one error handler. `servicesFor` makes the ports of a request. */
export function createApp(servicesFor: (c: Context<EdgeEnv>) => Services) {
  const app = createRouter();
  app.onError(problemResponse);
  app.notFound(notFoundResponse);

  // Tokens travel in a header and there are no cookies, so any origin may ask.
  app.use(cors({ origin: "*", maxAge: 86_400, exposeHeaders: ["ETag", "Server-Timing", "Retry-After", "Location"] }));
  app.use(async (c, next) => {
    c.set("services", servicesFor(c));
    await next();
  });
  app.use(authenticate);

  return app;
}
