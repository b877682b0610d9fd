/** How far a load is: a bar in a terminal, a line now and then elsewhere. */
import { Presets, SingleBar } from "cli-progress";
import { clock } from "../import/progress.ts";

/** In a log file: often enough to see that it lives. */
const lineEverySeconds = 5;

interface LoadProgressOptions {
  isTerminal: boolean;
  print?: (line: string) => void;
  now?: () => number;
}

export function createLoadProgress({ isTerminal, print = console.log, now = Date.now }: LoadProgressOptions) {
  const startedAt = now();
  let printedAt = startedAt;
  let all = 0;
  let done = 0;
  const elapsed = () => Math.max(0.001, (now() - startedAt) / 1000);
  const figures = () => {
    const rate = done / elapsed();
    return { rate: Math.round(rate), left: rate > 0 ? clock((all - done) / rate) : "–" };
  };
  const format = "  {bar} {value}/{total} lines · {rate}/s · {left} left";
  const bar = isTerminal ? new SingleBar({ format, hideCursor: true }, Presets.shades_classic) : undefined;

  return {
    total(lines: number): void {
      all = lines;
      bar?.start(all, done, figures());
    },
    loaded(lines: number): void {
      done += lines;
      bar?.update(done, figures());
      if (bar || (now() - printedAt) / 1000 < lineEverySeconds) return;
      printedAt = now();
      const { rate, left } = figures();
      print(`  ${done}/${all} lines · ${rate}/s · ${left} left`);
    },
    /** Ends the bar; answers seconds since the start. */
    stop(): number {
      bar?.stop();
      return elapsed();
    },
  };
}
