import { z } from "zod";
import { PinCard } from "./pins.ts";
import { regions } from "./regions.ts";

/** Why a pin is on a page. */
export const FeedReason = z.enum(["interest", "trending", "fresh", "followed"]);

export const FeedItem = z.object({ pin: PinCard, reason: FeedReason, score: z.number() }).meta({ id: "FeedItem" });

export const FeedPage = z
  .object({
    items: z.array(FeedItem),
    /** Opaque and signed; null at the end. */
    cursor: z.string().nullable(),
    region: z.enum(regions),
    /** What was late or down and so is left out; empty when all is well. */
    degraded: z.array(z.string()),
  })
  .meta({ id: "FeedPage" });

export type FeedReason = z.infer<typeof FeedReason>;
export type FeedItem = z.infer<typeof FeedItem>;
export type FeedPage = z.infer<typeof FeedPage>;
