/**
 * A bound on work of one kind in this isolate. A page can do without what is bounded here, so what finds no room is not
 * queued but left: under a rush of new users an isolate does what it can, and goes on answering.
 */
export interface Gate {
  /** The work's answer, or null, without beginning it, while there is no room. */
  enter<T>(work: () => Promise<T>): Promise<T> | null;
}

/** The platform ends what is left of a request 30 s behind its answer, and tells nobody: then its place is free again. */
const longestMillis = 30_000;

export function createGate(places: number, now: () => number = Date.now): Gate {
  const taken = new Map<symbol, number>(); // since when, oldest first
  return {
    enter(work) {
      const at = now();
      for (const [place, since] of taken) if (at - since > longestMillis) taken.delete(place);
      if (taken.size >= places) return null;
      const place = Symbol("place");
      taken.set(place, at);
      return work().finally(() => taken.delete(place));
    },
  };
}
