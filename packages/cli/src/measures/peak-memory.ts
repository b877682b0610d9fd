import { workerdBytes } from "./workerd-memory.ts";

/** Often enough to see what lasts longer than a request. */
const lookEveryMillis = 1_000;

export interface PeakMemory {
  /** Bytes resident in workerd at most so far; null where that cannot be seen. */
  peak(): number | null;
  stop(): void;
}

export function watchMemory(): PeakMemory {
  let most: number | null = null;
  const look = () => {
    const bytes = workerdBytes();
    if (bytes !== null) most = Math.max(most ?? 0, bytes);
  };
  const timer = setInterval(look, lookEveryMillis);
  timer.unref();
  return {
    peak() {
      look();
      return most;
    },
    stop: () => clearInterval(timer),
  };
}
