import { Problem } from "@vitrine/contracts";

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
