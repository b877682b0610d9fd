/**
 * The artifact of a training in one binary:
 *
 *   0  u32  magic "VTRN"      8  u32  bytes of the header      16  header, JSON, then sections
 *   4  u32  format version   12  u32  zero
 *
 * The header says where each section lies, so that a reader of R2 can take one pin's neighbours by range. Sections are
 * little-endian, as is every machine that runs Workers, and begin at multiples of 16.
 */
import { z } from "zod";

export const artifactMagic = 0x4e525456;
export const artifactFormat = 1;
/** Section table, settings, metrics: about 3 KiB. */
export const maxHeaderBytes = 65_536;
/** 9,836 items with 500 neighbours take 31 MB; a Worker cannot hold more than its 128 MB anyway. */
export const maxArtifactBytes = 100 * 2 ** 20;
export const maxDimensions = 256;
export const maxIdBytes = 256;

/** Section and bytes per element. */
export const sectionWidths = {
  ids: 1,
  vectors: 1,
  scales: 4,
  floatVectors: 4,
  gramian: 4,
  itemMean: 4,
  popularity: 4,
  neighbourCounts: 4,
  neighbourItems: 4,
  neighbourLevels: 1,
  neighbourScales: 4,
} as const;
export type SectionName = keyof typeof sectionWidths;

const count = z.number().int().nonnegative().max(0xffffffff);
const metrics = z.object({ users: count, hitRateAt10: z.number(), ndcgAt10: z.number() });
const evaluation = z.object({ sampled: metrics, full: metrics, coverageAt10: z.number() });

export const artifactHeader = z.object({
  modelVersion: z.string().min(1).max(100),
  dimensions: z.number().int().min(4).max(maxDimensions).multipleOf(4),
  items: z.number().int().min(1).max(10_000_000),
  users: count,
  saves: count,
  keep: z.number().int().min(1).max(10_000),
  /** Milliseconds since 1970 of the oldest and the newest save that was trained on; null where unknown. */
  dataFrom: z.number().nullable(),
  dataThrough: z.number().nullable(),
  ials: z.object({
    regularisation: z.number(),
    regularisationExponent: z.number(),
    unobservedWeight: z.number(),
    initialDeviation: z.number(),
    epochs: z.number(),
    seed: z.number(),
  }),
  neighbours: z.object({ sourceExponent: z.number(), userExponent: z.number(), targetExponent: z.number() }),
  /** Weights of the blend's features, a list a length of history; see packages/ranking. */
  blend: z
    .array(
      z.object({ fromActions: count, weights: z.array(z.number()).max(32), scoreOfLikeness: z.number().optional() }),
    )
    .max(16),
  /** On a validation item a user that the model had not seen, before it was fitted to everything. */
  validation: evaluation.nullable(),
  sections: z.record(z.string(), z.object({ offset: count, bytes: count })),
});
export type ArtifactHeader = z.infer<typeof artifactHeader>;
