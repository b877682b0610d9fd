/** How far a training is: a bar in a terminal, a line for each thing that is done elsewhere. */
import { Presets, SingleBar } from "cli-progress";
import { clock } from "../import/progress.ts";

export interface TrainProgress {
  /** `share` is 0..1. */
  tell(share: number, note: string): void;
  /** Ends the bar; answers seconds since the start. */
  stop(): number;
}

interface TrainProgressOptions {
  isTerminal: boolean;
  print?: (line: string) => void;
  now?: () => number;
}

export function createTrainProgress({
  isTerminal,
  print = console.log,
  now = Date.now,
}: TrainProgressOptions): TrainProgress {
  const startedAt = now();
  const seconds = () => (now() - startedAt) / 1000;
  const format = "  {bar} {percentage} % · {elapsed} · {note}";
  const bar = isTerminal ? new SingleBar({ format, hideCursor: true }, Presets.shades_classic) : undefined;
  let told = "";
  let isShown = false;
  return {
    tell(share, note) {
      const payload = { note, elapsed: clock(seconds()) };
      if (bar && !isShown) bar.start(100, 0, payload);
      isShown = true;
      bar?.update(Math.round(share * 100), payload);
      // Epochs are many; a log has a line for each kind of work.
      const kind = note.replace(/\d+/g, "");
      if (!bar && kind !== told) print(`  ${String(Math.round(share * 100)).padStart(3)} % · ${note}`);
      told = kind;
    },
    stop() {
      bar?.stop();
      return seconds();
    },
  };
}
