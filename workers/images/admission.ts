/**
 * Lets pictures in by the memory that they are predicted to take, so that all in the isolate stay within one budget.
 *
 * Work is synchronous: of all that are in, one at a time has its pixels in memory, while each holds its file. So
 * the sum of what they hold and the largest of their work must fit. The rest wait in order, holding next to nothing.
 */
import { Problem } from "@vitrine/contracts";

export interface Load {
  /** Bytes from admission to release: the file, and what was made of it. */
  heldBytes: number;
  /** Further bytes at the worst moment of the synchronous work. */
  workBytes: number;
}

export interface Admission {
  /**
   * Answers the release when there is room; call it exactly once. Throws `unavailable` with a Retry-After when
   * there is none in time. A load that is larger than the budget comes in alone.
   */
  admit(load: Load): Promise<() => void>;
  /** How many are in, and how many wait. */
  count(): { admitted: number; waiting: number };
}

interface Waiting {
  load: Load;
  enter(): void;
}

export function createAdmission(options: { budgetBytes: number; maxWaitMillis: number }): Admission {
  const admitted = new Set<Load>();
  const queue: Waiting[] = [];

  const fits = (load: Load) => {
    if (admitted.size === 0) return true;
    const loads = [...admitted, load];
    const held = loads.reduce((sum, { heldBytes }) => sum + heldBytes, 0);
    return held + Math.max(...loads.map(({ workBytes }) => workBytes)) <= options.budgetBytes;
  };
  // In order, so that a large picture is not passed by small ones for ever.
  const letIn = () => {
    for (let next = queue[0]; next && fits(next.load); next = queue[0]) {
      queue.shift();
      admitted.add(next.load);
      next.enter();
    }
  };
  const release = (load: Load) => () => {
    if (admitted.delete(load)) letIn();
  };

  return {
    count: () => ({ admitted: admitted.size, waiting: queue.length }),
    async admit(asked) {
      const load = { ...asked }; // identity tells equal loads apart
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
