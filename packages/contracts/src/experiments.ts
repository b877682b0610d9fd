/** Experiments: which users see which configuration of the feed, and what they do then. */
import { z } from "zod";
import { limits } from "./limits.ts";

/** Scorers whose weights a variant may set; 0 switches one off. Of `likeness`, 1 is the weight that the model learned. */
export const FeedScorer = z.enum([
  "relevance",
  "likeness",
  "momentum",
  "popularity",
  "freshness",
  "sourcePrior",
  "aversion",
  "repetition",
]);

/** A negative weight speaks against a candidate; beyond 2 a scorer drowns all others, whose scores are in 0..1. */
const ScorerWeight = z.number().min(-2).max(2);

/** What a variant may change of the feed; what it leaves out stays as it is for everybody. */
export const FeedSettings = z
  .strictObject({
    weights: z.partialRecord(FeedScorer, ScorerWeight).optional(),
    /** How much of its score a pin loses beside a twin, 0..1: the more, the more diverse a page. */
    crowdingWeight: z.number().min(0).max(1).optional(),
    /** Share of the places after the first 20 that are kept for new pins. */
    freshShare: z.number().min(0).max(0.5).optional(),
    /** Trending weights halve in this time. Its variants have fragments of their own. */
    trendingHalfLifeHours: z.number().int().min(1).max(168).optional(),
  })
  .meta({ id: "FeedSettings" });

/** A name that stands in keys, headers and addresses. */
const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,47}$/, "a name has 1 to 48 of a-z 0-9 -, and no - in front");

/**
 * saves-per-user, closeups-per-user: counts by exposed user · save-conversion: share of exposed users who save at all ·
 * saves-per-closeup: all saves by all closeups, a ratio whose both parts vary.
 */
export const ExperimentMetric = z.enum(["saves-per-user", "save-conversion", "closeups-per-user", "saves-per-closeup"]);

/** Shares are in ten-thousandths, as users are assigned by 10,000 buckets. */
const Share = z
  .number()
  .min(0.0001)
  .max(1)
  .refine((share) => Math.abs(share * 10_000 - Math.round(share * 10_000)) < 1e-6, "a share has at most four decimals");

export const ExperimentVariant = z
  .strictObject({ name: Name, share: Share, settings: FeedSettings })
  .meta({ id: "ExperimentVariant" });

const Variants = z
  .array(ExperimentVariant)
  .min(2)
  .max(limits.maxVariantsPerExperiment)
  .refine(
    (variants) => Math.round(variants.reduce((sum, { share }) => sum + share, 0) * 10_000) === 10_000,
    "the shares of the variants sum up to 1",
  )
  .refine((variants) => new Set(variants.map(({ name }) => name)).size === variants.length, "variants have other names")
  .refine(
    ([control, ...others]) =>
      Object.keys(control?.settings ?? {}).length === 0 &&
      others.every(({ settings }) => settingNames(settings).length > 0),
    "the first variant is the control and changes nothing; each other changes something",
  );

export const CreateExperiment = z
  .strictObject({
    /** Chosen by the caller; the same again is the same experiment. */
    id: Name,
    name: z.string().trim().min(1).max(limits.maxNameCharacters),
    /** Experiments of one layer never share a user; those of different layers are independent. */
    layer: Name,
    /** Share of all users who take part. */
    traffic: Share,
    variants: Variants,
    primaryMetric: ExperimentMetric,
    /** Relative: 0.05 is five per cent. Results then tell how many users it takes. */
    minimumDetectableEffect: z.number().min(0.001).max(10).optional(),
    /** Shuffles users among variants; the id by default. */
    salt: z.string().min(1).max(64).optional(),
  })
  .meta({ id: "CreateExperiment" });

export const ExperimentStatus = z.enum(["draft", "running", "stopped"]);

export const Experiment = z
  .object({
    ...CreateExperiment.shape,
    salt: z.string(),
    minimumDetectableEffect: z.number().nullable(),
    status: ExperimentStatus,
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    stoppedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Experiment" });

export const ExperimentList = z.object({ items: z.array(Experiment) }).meta({ id: "ExperimentList" });

export const StartExperiment = z
  .strictObject({
    traffic: Share.optional().meta({ description: "Gives a running experiment more users; never less." }),
  })
  .meta({ id: "StartExperiment" });

/** Relative to the control: 0.05 is five per cent more. */
const Interval = z.object({ low: z.number(), high: z.number() }).meta({ id: "LiftInterval" });

export const VariantResult = z
  .object({
    variant: z.string(),
    /** Users who were exposed. */
    users: z.number().int(),
    mean: z.number().nullable(),
    /** Of one user's outcome. */
    variance: z.number().nullable(),
    /** Mean by the control's mean, less 1; null for the control and before there is enough to say. */
    lift: z.number().nullable(),
    /** 95 %, for one look at a time fixed before. */
    interval: Interval.nullable(),
    /** 95 % for all looks together, however often and whenever one looks. */
    alwaysValidInterval: Interval.nullable(),
    /** Of this look; without an effect it is ever 0.05 or less in at most 5 % of experiments, however often one looks. */
    alwaysValidPValue: z.number().nullable(),
  })
  .meta({ id: "VariantResult" });

/** broken: shares are not as they should be, so nothing is told · undecided: go on, or nothing was found. */
export const ExperimentVerdict = z.enum(["not-started", "broken", "undecided", "winner", "control-wins"]);

export const ExperimentResults = z
  .object({
    experimentId: z.string(),
    status: ExperimentStatus,
    metric: ExperimentMetric,
    /** The control first. */
    variants: z.array(VariantResult),
    sampleRatio: z.object({
      /** Chi-square: how likely the users' counts are under the shares. */
      pValue: z.number().nullable(),
      isMismatched: z.boolean(),
    }),
    verdict: ExperimentVerdict,
    /** The verdict in one sentence. */
    sentence: z.string(),
    /** The variant that wins. */
    winner: z.string().nullable(),
    /** Users a variant for the minimum detectable effect at 80 % power and one look; null without one. */
    usersNeeded: z.number().int().nullable(),
    /** Whether only the first users of each database were counted. */
    isTruncated: z.boolean(),
    /** Until when actions count. */
    until: z.iso.datetime(),
  })
  .meta({ id: "ExperimentResults" });

/** The dotted names of the settings that are set. */
export function settingNames({ weights = {}, ...rest }: FeedSettings): string[] {
  const isSet = ([, value]: [string, unknown]) => value !== undefined;
  return [
    ...Object.entries(weights)
      .filter(isSet)
      .map(([name]) => `weights.${name}`),
    ...Object.entries(rest)
      .filter(isSet)
      .map(([name]) => name),
  ];
}

export type FeedScorer = z.infer<typeof FeedScorer>;
export type FeedSettings = z.infer<typeof FeedSettings>;
export type ExperimentMetric = z.infer<typeof ExperimentMetric>;
export type ExperimentVariant = z.infer<typeof ExperimentVariant>;
export type CreateExperiment = z.infer<typeof CreateExperiment>;
export type ExperimentStatus = z.infer<typeof ExperimentStatus>;
export type Experiment = z.infer<typeof Experiment>;
export type ExperimentList = z.infer<typeof ExperimentList>;
export type StartExperiment = z.infer<typeof StartExperiment>;
export type VariantResult = z.infer<typeof VariantResult>;
export type ExperimentVerdict = z.infer<typeof ExperimentVerdict>;
export type ExperimentResults = z.infer<typeof ExperimentResults>;
