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

/**
 * training · candidate: trained, on its way to the feeds · serving · retired: served before, and can be put back ·
 * rejected: worse than the one that serves; can be promoted · failed · deleted: served before, and is gone by now.
 */
export const ModelStatus = z.enum(["training", "candidate", "serving", "retired", "rejected", "failed", "deleted"]);

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
    /** 0..1: how much of the training is done. */
    progress: z.number(),
  })
  .meta({ id: "Model" });

/** Newest first; the last hundred. */
export const Models = z.object({ models: z.array(Model) }).meta({ id: "Models" });

/** Pin embeddings of the taste index; a model of fewer is filled up with zeros, which changes no product. */
export const tasteDimensions = 128;

export const TrainModel = z
  .object({
    dimensions: z
      .int()
      .min(8)
      .max(tasteDimensions)
      .multipleOf(4)
      .optional()
      .meta({ description: "Numbers of a pin embedding, a multiple of 4; 128 by default." }),
    epochs: z.int().min(1).max(50).optional().meta({ description: "Alternations over users and pins; 12 by default." }),
  })
  .meta({ id: "TrainModel" });

export type TrainModel = z.infer<typeof TrainModel>;
export type ModelVersion = z.infer<typeof ModelVersion>;
export type ModelMetrics = z.infer<typeof ModelMetrics>;
export type ModelStatus = z.infer<typeof ModelStatus>;
export type Model = z.infer<typeof Model>;
export type Models = z.infer<typeof Models>;
