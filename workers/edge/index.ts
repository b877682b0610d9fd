import type { Bindings } from "./adapters/bindings.ts";
import { servicesOf } from "./adapters/services.ts";
import { createApp } from "./app.ts";

const app = createApp((c) => servicesOf(c.env as Bindings, c.executionCtx, c.req.raw));

export { RegionStore } from "./adapters/region-store.ts";

export default { fetch: app.fetch };
