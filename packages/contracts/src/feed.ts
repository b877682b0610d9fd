import { z } from "zod";
import { PinId, UserId } from "./ids.ts";
import { limits } from "./limits.ts";
import { PinCard } from "./pins.ts";
import { regions } from "./regions.ts";

/**
 * Why a pin is on a page. taste: people with like saves saved it · neighbours: saved together with `because` · interest:
 * looks like what the user turned to · followed, trending, fresh: as they say · explore: shown to learn who likes it.
 */
export const FeedReason = z.enum(["taste", "neighbours", "interest", "followed", "trending", "fresh", "explore"]);

export const FeedItem = z
  .object({
    pin: PinCard,
    reason: FeedReason,
    score: z.number(),
    /** The saved pin that brought this one, where the reason is `neighbours`. */
    because: PinId.optional(),
  })
  .meta({ id: "FeedItem" });

export const FeedPage = z
  .object({
    items: z.array(FeedItem),
    /** Opaque and signed; null at the end. */
    cursor: z.string().nullable(),
    region: z.enum(regions),
    /** What was late or down and so is left out; empty when all is well. */
    degraded: z.array(z.string()),
    /** The variants that this page was made under, by experiment; absent where there are none. */
    experiments: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: "FeedPage" });

/** A caller's own candidates, to be put in the order that a user would like. */
export const RankCandidates = z
  .object({
    pinIds: z.array(PinId).min(1).max(limits.maxRankedPins),
    userId: UserId.optional().meta({ description: "For service tokens; others rank for themselves." }),
    limit: z.number().int().min(1).max(limits.maxRankedPins).optional().meta({ description: "All by default." }),
  })
  .meta({ id: "RankCandidates" });

export const RankedPin = z.object({ pinId: PinId, score: z.number() }).meta({ id: "RankedPin" });

export const RankedPins = z
  .object({
    /** Best first. */
    items: z.array(RankedPin),
    /** Candidates that do not exist or that the user cannot see. */
    unknownPins: z.array(PinId),
    /** The model that ranked; null while there is none. */
    model: z.string().nullable(),
    degraded: z.array(z.string()),
  })
  .meta({ id: "RankedPins" });

export const RelatedPins = z
  .object({
    items: z.array(FeedItem.omit({ because: true })),
    /** Opaque and signed; null at the end. */
    cursor: z.string().nullable(),
    degraded: z.array(z.string()),
  })
  .meta({ id: "RelatedPins" });

export type FeedReason = z.infer<typeof FeedReason>;
export type FeedItem = z.infer<typeof FeedItem>;
export type FeedPage = z.infer<typeof FeedPage>;
export type RankCandidates = z.infer<typeof RankCandidates>;
export type RankedPins = z.infer<typeof RankedPins>;
export type RelatedPins = z.infer<typeof RelatedPins>;
