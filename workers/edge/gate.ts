/**
 * A bound on work of one kind in this isolate. A page can do without what is bounded here, so only few wait for a place,
 * and the rest is left: under a rush of new users an isolate does what it can, and goes on answering.
 */
export interface Gate {
  /** The work's answer, begun when there is a place; or null, without beginning it ever, while too many wait. */
  enter<T>(work: () => Promise<T>): Promise<T> | null;
}

/** The platform ends what is left of a request 30 s behind its answer, and tells nobody: then its place is free again. */
const longestMillis = 30_000;

/** `waiting`: how many may wait for one of the `places`. */
export function createGate(places: number, { waiting = 0, now = Date.now }: GateOptions = {}): Gate {
  const taken = new Map<symbol, number>(); // since when, oldest first
  const queue: (() => void)[] = [];
  const hasPlace = () => {
    for (const [place, since] of taken) if (now() - since > longestMillis) taken.delete(place);
    return taken.size < places;
  };
  const take = () => {
    const place = Symbol("place");
    taken.set(place, now());
    return () => {
      taken.delete(place);
      if (hasPlace()) queue.shift()?.();
    };
  };
  return {
    enter<T>(work: () => Promise<T>): Promise<T> | null {
      if (hasPlace()) return work().finally(take());
      if (queue.length >= waiting) return null;
      const turn = Promise.withResolvers<void>();
      let leave = () => {};
      // Taken for the one who is woken, not by it: nobody slips in between.
      queue.push(() => {
        leave = take();
        turn.resolve();
      });
      return turn.promise.then(work).finally(() => leave());
    },
  };
}

export interface GateOptions {
  waiting?: number;
  now?: () => number;
}
