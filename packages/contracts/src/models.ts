/** Trained models as operators see them. */
import { z } from "zod";

/** Version of a model: sorts by the time of training. */
export const ModelVersion = z.string().regex(/^m[0-9a-z]{10,20}$/, "a model version is m and 10 to 20 of 0-9 a-z");

/** Measured on one held-out save per user, ranked among 99 random pins (sampled) or among all (full). */
export const ModelMetrics = z
  .object({
    sampledHitRateAt10: z.number(),
    sampledNdcgAt10: z.number(),
    fullHitRateAt10: z.number(),
    fullNdcgAt10: z.number(),
    coverageAt10: z.number(),
    /** Users that were asked. */
    users: z.number().int(),
  })
  .meta({ id: "ModelMetrics" });

/** training · candidate: trained, not serving · serving · retired: served before; can be put back · rejected: worse · failed. */
export const ModelStatus = z.enum(["training", "candidate", "serving", "retired", "rejected", "failed"]);

export const Model = z
  .object({
    version: ModelVersion,
    status: ModelStatus,
    createdAt: z.iso.datetime(),
    dimensions: z.number().int(),
    users: z.number().int(),
    pins: z.number().int(),
    saves: z.number().int(),
    metrics: ModelMetrics.nullable(),
    /** One sentence: what is being done, or why it failed or was rejected. */
    note: z.string(),
  })
  .meta({ id: "Model" });

export type ModelVersion = z.infer<typeof ModelVersion>;
export type ModelMetrics = z.infer<typeof ModelMetrics>;
export type ModelStatus = z.infer<typeof ModelStatus>;
export type Model = z.infer<typeof Model>;
