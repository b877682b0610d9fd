export interface Stopwatch {
  /** Ends the stage before and begins this one. */
  begin(stage: string): void;
  /** Ends the last; answers milliseconds by stage. */
  stop(): Record<string, number>;
}

export function startStopwatch(): Stopwatch {
  const stages: Record<string, number> = {};
  let running: { stage: string; since: number } | undefined;
  function end(): void {
    if (running) stages[running.stage] = performance.now() - running.since;
    running = undefined;
  }
  return {
    begin(stage) {
      end();
      running = { stage, since: performance.now() };
    },
    stop() {
      end();
      return stages;
    },
  };
}
