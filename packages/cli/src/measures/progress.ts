/** How far a step of a measure is, on standard error: a bar in a terminal, a line now and then elsewhere. */
import { Presets, SingleBar } from "cli-progress";
import { clock } from "../import/progress.ts";

/** In a log file: often enough to see that it lives. */
const lineEverySeconds = 10;

export interface Progress {
  advance(by?: number): void;
  /** Ends the bar; answers seconds since the start. */
  stop(): number;
}

interface ProgressOptions {
  isTerminal?: boolean;
  print?: (line: string) => void;
  now?: () => number;
}

/** `what` is in the plural: `saves`, `users asked`. */
export function createProgress(what: string, total: number, options: ProgressOptions = {}): Progress {
  const { isTerminal = process.stderr.isTTY === true, now = Date.now } = options;
  const print = options.print ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const startedAt = now();
  let printedAt = startedAt;
  let done = 0;
  const elapsed = () => Math.max(0.001, (now() - startedAt) / 1000);
  const figures = () => {
    const rate = done / elapsed();
    return { rate: Math.round(rate), left: rate > 0 ? clock((total - done) / rate) : "–" };
  };
  const format = `  {bar} {value}/{total} ${what} · {rate}/s · {left} left`;
  const bar = isTerminal ? new SingleBar({ format, hideCursor: true }, Presets.shades_classic) : undefined;
  bar?.start(total, 0, figures());
  return {
    advance(by = 1) {
      done += by;
      bar?.update(done, figures());
      if (bar || (now() - printedAt) / 1000 < lineEverySeconds) return;
      printedAt = now();
      const { rate, left } = figures();
      print(`  ${done}/${total} ${what} · ${rate}/s · ${left} left`);
    },
    stop() {
      bar?.stop();
      return elapsed();
    },
  };
}
