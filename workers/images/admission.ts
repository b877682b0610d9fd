/**
 * Lets pictures in by the memory that they are predicted to take, so that all in the isolate stay within one budget,
 * and turns away at once who would wait too long.
 *
 * A picture is read from a stream while it is made, so several are half done at a time, each with its memory: the sum
 * of all that are in must fit. The rest wait in order, holding next to nothing. All share one thread, so by Little's
 * law the wait of a newcomer is how many are before it times what one has lately taken: beyond the deadline there is
 * no use in waiting for it, since the answer would be the same refusal, later.
 */
import { Problem } from "@vitrine/contracts";

export interface Admission {
  /**
   * Answers the release when there is room for so many bytes; call it exactly once. Throws `unavailable` with a
   * Retry-After at once when the wait would be longer than the deadline, or when it has been. What is larger than the
   * budget comes in alone. `patience: "background"` waits as long as it takes: nobody looks at the answer.
   */
  admit(bytes: number, patience?: Patience): Promise<() => void>;
  /**
   * Counts a picture from before anything is read for it, until the answer is called; throws what `admit` would. An
   * isolate that is busy starts late: `since` is when the visitor came.
   */
  announce(patience?: Patience, since?: number): () => void;
  /** How many are in, and how many wait. */
  count(): { admitted: number; waiting: number };
  /** What those that are in were admitted with. */
  admittedBytes(): number;
}

/** `visitor` is somebody before an empty frame. */
export type Patience = "visitor" | "background";

export interface AdmissionOptions {
  budgetBytes: number;
  /** Until a visitor is turned away. */
  maxWaitMillis: number;
  /** A clock in milliseconds. */
  now(): number;
}

/** A photo of 6 MP for a feed, on one busy core: what is believed until there is a measurement. */
const firstGuessMillis = 60;
/** Of the newest turn in the running mean. Pictures come out in bunches: twenty are about one. */
const weightOfNewest = 0.05;

interface Waiting {
  load: { bytes: number };
  enter(): void;
}

export function createAdmission({ budgetBytes, maxWaitMillis, now }: AdmissionOptions): Admission {
  const admitted = new Set<Waiting["load"]>();
  const queue: Waiting[] = [];
  const announced = new Set<symbol>();
  let turnMillis = firstGuessMillis;
  /** When the last one left, or work began after a pause. */
  let turnBegan = 0;

  const admittedBytes = () => [...admitted].reduce((sum, { bytes }) => sum + bytes, 0);
  const fits = ({ bytes }: Waiting["load"]) => admitted.size === 0 || admittedBytes() + bytes <= budgetBytes;
  // In order, so that a large picture is not passed by small ones for ever.
  const letIn = () => {
    for (let next = queue[0]; next && fits(next.load); next = queue[0]) {
      queue.shift();
      if (admitted.size === 0) turnBegan = now();
      admitted.add(next.load);
      next.enter();
    }
  };
  const release = (load: Waiting["load"]) => () => {
    if (!admitted.delete(load)) return;
    // Never above the deadline: one slow picture must not turn everybody away.
    const took = Math.min(maxWaitMillis, Math.max(0, now() - turnBegan));
    turnMillis += weightOfNewest * (took - turnMillis);
    turnBegan = now();
    letIn();
  };
  const assertPunctual = (before: number, since: number) => {
    const waitMillis = before * turnMillis;
    if (waitMillis + now() - since > maxWaitMillis) throw busy(waitMillis);
  };
  const wait = (waiting: Waiting, refuse: (problem: Problem) => void) =>
    setTimeout(() => {
      const at = queue.indexOf(waiting);
      if (at === -1) return;
      queue.splice(at, 1);
      refuse(busy(maxWaitMillis));
      letIn();
    }, maxWaitMillis);

  return {
    count: () => ({ admitted: admitted.size, waiting: queue.length }),
    admittedBytes,
    announce(patience = "visitor", since = now()) {
      if (patience === "visitor") assertPunctual(Math.max(announced.size, admitted.size + queue.length), since);
      const picture = Symbol();
      announced.add(picture);
      return () => announced.delete(picture);
    },
    async admit(bytes, patience = "visitor") {
      if (patience === "visitor") assertPunctual(admitted.size + queue.length, now());
      const load = { bytes }; // identity tells equal loads apart
      const entered = Promise.withResolvers<void>();
      const waiting: Waiting = { load, enter: entered.resolve };
      queue.push(waiting);
      letIn();
      const timer = patience === "visitor" ? wait(waiting, entered.reject) : undefined;
      try {
        await entered.promise;
      } finally {
        clearTimeout(timer);
      }
      return release(load);
    },
  };
}

/** When what is before the one that is turned away will be done, in whole seconds. */
function busy(waitMillis: number): Problem {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMillis / 1_000));
  const seconds = retryAfterSeconds === 1 ? "a second" : `${retryAfterSeconds} seconds`;
  return new Problem("unavailable", `Too many pictures are being made right now: ask again in ${seconds}.`, {
    retryAfterSeconds,
  });
}
