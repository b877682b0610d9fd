/** Tries of one call, the first included: more would outlive any visitor's patience. */
export const maxTries = 3;

/** A server that asks for a longer pause than this is not waited for; its error is thrown, with the time in it. */
export const maxRetryAfterSeconds = 10;

const firstDelayMillis = 200;
const maxDelayMillis = 2_000;

/** Statuses that say "not now" and promise that nothing was done: too many requests, unavailable. */
export function isRetryableStatus(status: number): boolean {
  return status === 429 || status === 503;
}

/**
 * How long to pause before the next try, in milliseconds; null when there should be none.
 *
 * `tries` is how many were made so far, `random` a number in [0, 1). Without Retry-After: full jitter under
 * an exponential ceiling (200 ms, 400 ms, … 2 s). With it: that long, plus up to a tenth, so that clients
 * told the same second do not come back together.
 */
export function retryDelayMillis(tries: number, retryAfterSeconds: number | undefined, random: number): number | null {
  if (tries >= maxTries) return null;
  if (retryAfterSeconds === undefined) {
    return random * Math.min(maxDelayMillis, firstDelayMillis * 2 ** (tries - 1));
  }
  if (retryAfterSeconds > maxRetryAfterSeconds) return null;
  return retryAfterSeconds * 1000 * (1 + random / 10);
}
