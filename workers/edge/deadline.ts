import { Problem } from "@vitrine/contracts";

/**
 * Longest that a reading which others join may take: no page waits for it so long, but one that never ended would be joined
 * by all the pages to come, and the dependency would be down in this isolate for good.
 */
const sharedDeadlineMillis = 10_000;

/** The work's answer for all who wait for it, or an `unavailable` problem: it ends whatever the dependency does. */
export function endingForAll<T>(work: Promise<T>, what: string): Promise<T> {
  return withDeadline(work, sharedDeadlineMillis, what);
}

/**
 * The work's answer, or an `unavailable` problem when it takes longer. The work itself goes on: hand it to
 * `waitUntil` where it must finish.
 */
export async function withDeadline<T>(work: Promise<T>, millis: number, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(
      new Problem("unavailable", `${what} takes too long; try again in a few seconds.`, { retryAfterSeconds: 5 }),
    );
  }, millis);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
