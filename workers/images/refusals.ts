/** Pictures that turned out to be damaged: reading and decoding them again for every page view would cost the most. */
import { Problem } from "@vitrine/contracts";

/** An original never changes, but a decoder may be mended by a deployment, which starts with an empty memory. */
const rememberedMillis = 60_000;
/** A hash and a Problem, about 1 kB each. */
const maxEntries = 1_000;

export interface Refusals {
  /** Throws what was thrown for this original a short while ago. */
  assertNotRefused(originalHash: string, now: number): void;
  /** Remembers an `unprocessable-image`; other errors are cheap to find again, or pass. */
  remember(originalHash: string, error: unknown, now: number): void;
}

export function createRefusals(): Refusals {
  const known = new Map<string, { message: string; until: number }>();
  return {
    assertNotRefused(originalHash, now) {
      const refusal = known.get(originalHash);
      if (refusal && refusal.until > now) throw new Problem("unprocessable-image", refusal.message);
    },
    remember(originalHash, error, now) {
      if (!(error instanceof Problem) || error.code !== "unprocessable-image") return;
      if (known.size >= maxEntries) known.clear();
      known.set(originalHash, { message: error.message, until: now + rememberedMillis });
    },
  };
}
