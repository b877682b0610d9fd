/** What a training is told; the defaults were found on a validation item a user of 37,501 users' saves. */
import { z } from "zod";

export const trainingSettings = z.object({
  dimensions: z.number().int().min(4).max(256).multipleOf(4).default(128),
  /** Alternations over both sides, the first time without the validation items. */
  epochs: z.number().int().min(1).max(100).default(12),
  /** Alternations after validation, with all saves, from the factors that are there. */
  refitEpochs: z.number().int().min(1).max(100).default(4),
  regularisation: z.number().positive().max(100).default(0.018),
  unobservedWeight: z.number().positive().max(1).default(0.015),
  regularisationExponent: z.number().min(0).max(2).default(1),
  initialDeviation: z.number().positive().max(10).default(0.1),
  /** Neighbours of an item; see neighbours.ts for the exponents. */
  keep: z.number().int().min(1).max(2_000).default(500),
  sourceExponent: z.number().min(0).max(2).default(0.4),
  userExponent: z.number().min(0).max(2).default(0.6),
  targetExponent: z.number().min(0).max(2).default(0.6),
  /** Users whose validation item weighs the blend, and as many others on whom it is measured. */
  validationUsers: z.number().int().min(1).max(100_000).default(3_000),
  /** A user with fewer saves keeps them all: taking one of three says little about who has three. */
  minSavesToValidate: z.number().int().min(2).max(1_000).default(5),
  /** Rows solved between two looks at the clock: about 15 ms of users, 200 ms of items. */
  sliceRows: z.number().int().min(1).max(1_000_000).default(4_096),
  seed: z.number().int().min(0).max(2_147_483_646).default(1),
});
export type TrainingSettings = z.infer<typeof trainingSettings>;
