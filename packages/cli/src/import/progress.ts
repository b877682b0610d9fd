/** How far an import is: a bar in a terminal, a line now and then elsewhere. */
import { Presets, SingleBar } from "cli-progress";

/** In a log file: often enough to see that it lives. */
const lineEverySeconds = 5;

export interface Progress {
  uploaded(): void;
  ready(): void;
  /** Ends the bar; answers seconds since the start. */
  stop(): number;
}

export interface ProgressOptions {
  total: number;
  /** What was there before. */
  done: number;
  isTerminal: boolean;
  print?: (line: string) => void;
  now?: () => number;
}

export function createProgress({ total, done, isTerminal, print = console.log, now = Date.now }: ProgressOptions) {
  const startedAt = now();
  let uploaded = done;
  let ready = done;
  let printedAt = startedAt;
  const elapsed = () => Math.max(0.001, (now() - startedAt) / 1000);
  const figures = () => {
    const rate = (ready - done) / elapsed();
    const eta = rate > 0 ? clock((total - ready) / rate) : "–";
    return { uploaded, rate: rate.toFixed(1), left: eta };
  };
  const format = "  {bar} {value}/{total} ready · {uploaded} uploaded · {rate}/s · {left} left";
  const bar = isTerminal
    ? new SingleBar({ format, hideCursor: true, etaBuffer: 50 }, Presets.shades_classic)
    : undefined;
  bar?.start(total, done, figures());

  function show(): void {
    if (bar) {
      bar.update(ready, figures());
    } else if ((now() - printedAt) / 1000 >= lineEverySeconds) {
      printedAt = now();
      const { rate, left } = figures();
      print(`  ${ready}/${total} ready · ${uploaded} uploaded · ${rate}/s · ${left} left`);
    }
  }

  const progress: Progress = {
    uploaded() {
      uploaded++;
      show();
    },
    ready() {
      ready++;
      show();
    },
    stop() {
      bar?.update(ready, figures());
      bar?.stop();
      return elapsed();
    },
  };
  return progress;
}

/** `2:05` of 125 seconds. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
