/**
 * Lets pictures in by the memory that they are predicted to take, so that all in the isolate stay within one budget.
 *
 * A picture is read from a stream while it is made, so several are half done at a time, each with its memory: the sum
 * of all that are in must fit. The rest wait in order, holding next to nothing.
 */
import { Problem } from "@vitrine/contracts";

export interface Admission {
  /**
   * Answers the release when there is room for so many bytes; call it exactly once. Throws `unavailable` with a
   * Retry-After when there is none in time. What is larger than the budget comes in alone.
   */
  admit(bytes: number): Promise<() => void>;
  /** How many are in, and how many wait. */
  count(): { admitted: number; waiting: number };
  /** What those that are in were admitted with. */
  admittedBytes(): number;
}

interface Waiting {
  load: { bytes: number };
  enter(): void;
}

export function createAdmission(options: { budgetBytes: number; maxWaitMillis: number }): Admission {
  const admitted = new Set<Waiting["load"]>();
  const queue: Waiting[] = [];

  const admittedBytes = () => [...admitted].reduce((sum, { bytes }) => sum + bytes, 0);
  const fits = ({ bytes }: Waiting["load"]) => admitted.size === 0 || admittedBytes() + bytes <= options.budgetBytes;
  // In order, so that a large picture is not passed by small ones for ever.
  const letIn = () => {
    for (let next = queue[0]; next && fits(next.load); next = queue[0]) {
      queue.shift();
      admitted.add(next.load);
      next.enter();
    }
  };
  const release = (load: Waiting["load"]) => () => {
    if (admitted.delete(load)) letIn();
  };

  return {
    count: () => ({ admitted: admitted.size, waiting: queue.length }),
    admittedBytes,
    async admit(bytes) {
      const load = { bytes }; // identity tells equal loads apart
      const entered = Promise.withResolvers<void>();
      const waiting: Waiting = { load, enter: entered.resolve };
      queue.push(waiting);
      letIn();
      const timer = setTimeout(() => {
        const at = queue.indexOf(waiting);
        if (at === -1) return;
        queue.splice(at, 1);
        entered.reject(busy());
        letIn();
      }, options.maxWaitMillis);
      try {
        await entered.promise;
      } finally {
        clearTimeout(timer);
      }
      return release(load);
    },
  };
}

/** Pictures take tens of milliseconds each: in two seconds a full queue has moved on. */
function busy(): Problem {
  return new Problem("unavailable", "Too many pictures are being made right now: ask again in two seconds.", {
    retryAfterSeconds: 2,
  });
}
