import type { PictureMessage } from "@vitrine/contracts";
import { databasesOf } from "@vitrine/store";
import * as schema from "@vitrine/store/schema";
import type { VectorIndex } from "@vitrine/vectors";
import { drizzle } from "drizzle-orm/d1";
import { kernels } from "../codecs.ts";
import type { JobServices } from "../services.ts";
import type { TrainingOrder, TrainingServices } from "../training/services.ts";
import { modelFilesIn } from "./model-files.ts";

/** What workers/jobs/wrangler.toml binds. */
export interface Bindings {
  DB_0: D1Database;
  KV: KVNamespace;
  ORIGINALS: R2Bucket;
  RENDITIONS: R2Bucket;
  MODELS: R2Bucket;
  TASTE_INDEX: VectorIndex;
  TRAIN: Workflow<TrainingOrder>;
  PICTURES_QUEUE: Queue<PictureMessage>;
  SWEEP_AFTER_SECONDS?: string;
}

/** A pin is ready within seconds; a backlog of many uploads may take a minute. */
const defaultSweepAfterSeconds = 60;

export function servicesOf(env: Bindings): JobServices {
  return {
    ...trainingServicesOf(env),
    kv: env.KV,
    originals: env.ORIGINALS,
    renditions: env.RENDITIONS,
    picturesQueue: env.PICTURES_QUEUE,
    sweepAfterSeconds: Number(env.SWEEP_AFTER_SECONDS) || defaultSweepAfterSeconds,
    now: Date.now(),
    begin: async (order) => {
      // A model is trained once and may be published again, and each Workflow has an id of its own.
      const id = order.kind === "train" ? order.version : `${order.version}-${crypto.randomUUID()}`;
      await env.TRAIN.create({ id, params: order });
    },
    random: Math.random,
  };
}

export function trainingServicesOf(env: Bindings): TrainingServices {
  return {
    databases: databasesOf([drizzle(env.DB_0, { schema })]),
    kv: env.KV,
    files: modelFilesIn(env.MODELS),
    tasteIndex: env.TASTE_INDEX,
    kernels,
    clock: Date.now,
    pause: () => scheduler.wait(0),
  };
}
