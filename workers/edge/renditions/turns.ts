import { Problem } from "@vitrine/contracts";

/**
 * Lets so many works run at a time and so many wait; who comes on top is answered `unavailable` at once, which is
 * better than to wait longer than anybody does.
 */
export function createTurns({ atATime, waiting }: { atATime: number; waiting: number }) {
  let running = 0;
  const queue: (() => void)[] = [];
  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running < atATime) running += 1;
    else {
      if (queue.length >= waiting) {
        throw new Problem("unavailable", "Too many pictures are fetched now: ask again.", { retryAfterSeconds: 2 });
      }
      await new Promise<void>((resolve) => queue.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
