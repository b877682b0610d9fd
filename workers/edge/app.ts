import type { Context } from "hono";
import { cors } from "hono/cors";
import { authenticate } from "./auth.ts";
import type { EdgeEnv, Services } from "./context.ts";
import { documentRoutes } from "./openapi.ts";
import { notFoundResponse, problemResponse } from "./problems.ts";
import { createRouter } from "./router.ts";
import { blockRoutes } from "./routes/blocks.ts";
import { boardRoutes } from "./routes/boards.ts";
import { bulkRoutes } from "./routes/bulk.ts";
import { collaboratorRoutes } from "./routes/collaborators.ts";
import { deliveryRoutes } from "./routes/delivery.ts";
import { demoRoutes } from "./routes/demo.ts";
import { eventRoutes } from "./routes/events.ts";
import { experimentRoutes } from "./routes/experiments.ts";
import { feedRoutes } from "./routes/feed.ts";
import { followRoutes } from "./routes/follows.ts";
import { healthRoutes } from "./routes/health.ts";
import { imageOptionRoutes } from "./routes/image-options.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { modelRoutes } from "./routes/models.ts";
import { pictureDescriptionRoutes } from "./routes/picture-descriptions.ts";
import { pinActionRoutes } from "./routes/pin-actions.ts";
import { pinRoutes } from "./routes/pins.ts";
import { rankRoutes } from "./routes/rank.ts";
import { relatedRoutes } from "./routes/related.ts";
import { renditionRoutes } from "./routes/renditions.ts";
import { saveRoutes } from "./routes/saves.ts";
import { userRoutes } from "./routes/users.ts";

const exposedHeaders = ["ETag", "Server-Timing", "Retry-After", "Location"];

/** Every route of the edge, and the one error handler. `servicesFor` makes the ports of a request. */
export function createApp(servicesFor: (c: Context<EdgeEnv>) => Services) {
  const app = createRouter();
  app.onError(problemResponse);
  app.notFound((c) => notFoundResponse(c, allowedMethods(app, c.req.path)));

  // Tokens travel in a header and there are no cookies, so any origin may ask.
  // The demo gives tokens to anybody who asks, so pages of other origins may not ask it.
  const allowOrigins = cors({ origin: "*", maxAge: 86_400, exposeHeaders: exposedHeaders });
  app.use((c, next) => (c.req.path.startsWith("/demo/") ? next() : allowOrigins(c, next)));
  app.use(async (c, next) => {
    c.set("services", servicesFor(c));
    await next();
  });
  app.use(authenticate);
  app.use(async (c, next) => {
    await next();
    // Answers are for their caller and of this moment; routes that may be cached say so themselves.
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "private, no-store");
  });

  app.route("/", userRoutes);
  app.route("/", boardRoutes);
  app.route("/", collaboratorRoutes);
  app.route("/", pinRoutes);
  app.route("/", pinActionRoutes);
  app.route("/", deliveryRoutes);
  app.route("/", saveRoutes);
  app.route("/", followRoutes);
  app.route("/", blockRoutes);
  app.route("/", pictureDescriptionRoutes);
  app.route("/", renditionRoutes);
  app.route("/", imageOptionRoutes);
  app.route("/", feedRoutes);
  app.route("/", rankRoutes);
  app.route("/", relatedRoutes);
  app.route("/", eventRoutes);
  app.route("/", bulkRoutes);
  app.route("/", experimentRoutes);
  app.route("/", jobRoutes);
  app.route("/", modelRoutes);
  app.route("/", healthRoutes);
  app.route("/", demoRoutes);
  documentRoutes(app);
  return app;
}

/** The methods that a path is routed for; none when there is nothing at it. */
function allowedMethods(app: ReturnType<typeof createRouter>, path: string): string[] {
  return ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((method) => {
    const [handlers] = app.router.match(method, path);
    return handlers.some(([[, route]]) => route.method === method);
  });
}
