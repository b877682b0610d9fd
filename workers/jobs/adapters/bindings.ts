import type { PictureMessage } from "@vitrine/contracts";
import { databasesOf } from "@vitrine/store";
import * as schema from "@vitrine/store/schema";
import { drizzle } from "drizzle-orm/d1";
import type { JobServices } from "../services.ts";

/** What workers/jobs/wrangler.toml binds. */
export interface Bindings {
  DB_0: D1Database;
  KV: KVNamespace;
  PICTURES_QUEUE: Queue<PictureMessage>;
}

export function servicesOf(env: Bindings): JobServices {
  return {
    databases: databasesOf([drizzle(env.DB_0, { schema })]),
    kv: env.KV,
    picturesQueue: env.PICTURES_QUEUE,
    now: Date.now(),
  };
}
