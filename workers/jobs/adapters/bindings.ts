import type { PictureMessage } from "@vitrine/contracts";
import { databasesOf } from "@vitrine/store";
import * as schema from "@vitrine/store/schema";
import { drizzle } from "drizzle-orm/d1";
import type { JobServices } from "../services.ts";

/** What workers/jobs/wrangler.toml binds. */
export interface Bindings {
  DB_0: D1Database;
  KV: KVNamespace;
  ORIGINALS: R2Bucket;
  RENDITIONS: R2Bucket;
  PICTURES_QUEUE: Queue<PictureMessage>;
  SWEEP_AFTER_SECONDS?: string;
}

/** A pin is ready within seconds; a backlog of many uploads may take a minute. */
const defaultSweepAfterSeconds = 60;

export function servicesOf(env: Bindings): JobServices {
  return {
    databases: databasesOf([drizzle(env.DB_0, { schema })]),
    kv: env.KV,
    originals: env.ORIGINALS,
    renditions: env.RENDITIONS,
    picturesQueue: env.PICTURES_QUEUE,
    sweepAfterSeconds: Number(env.SWEEP_AFTER_SECONDS) || defaultSweepAfterSeconds,
    now: Date.now(),
  };
}
