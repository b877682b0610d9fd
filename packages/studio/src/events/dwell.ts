/** A pin counts as viewed when at least half of it was on screen for this long, and once a visit. */
export const dwellMillis = 1_000;

/** Tells which pins were looked at from what entered and left the screen. `schedule` answers how to cancel. */
export class Dwell {
  #onDwelt: (pinId: string) => void;
  #schedule: (work: () => void, millis: number) => () => void;
  #running = new Map<string, () => void>();
  #done = new Set<string>();

  constructor(onDwelt: (pinId: string) => void, schedule: (work: () => void, millis: number) => () => void) {
    this.#onDwelt = onDwelt;
    this.#schedule = schedule;
  }

  enter(pinId: string): void {
    if (this.#done.has(pinId) || this.#running.has(pinId)) return;
    const cancel = this.#schedule(() => {
      this.#running.delete(pinId);
      this.#done.add(pinId);
      this.#onDwelt(pinId);
    }, dwellMillis);
    this.#running.set(pinId, cancel);
  }

  leave(pinId: string): void {
    this.#running.get(pinId)?.();
    this.#running.delete(pinId);
  }

  leaveAll(): void {
    for (const pinId of [...this.#running.keys()]) this.leave(pinId);
  }
}
