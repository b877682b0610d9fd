import { asProblem } from "@vitrine/contracts";

/** Why a message was not done: `final` ends it with a public sentence, otherwise it is tried again. */
export interface Setback {
  isFinal: boolean;
  /** One sentence that may be shown. */
  sentence: string;
}

/** For pins whose picture was tried as often as the queue allows. */
export const exhaustedFailure = "The picture could not be processed; it can be tried again.";

/** Problems by the input (4xx) are final; too many requests and everything unknown may pass. */
export function setbackOf(error: unknown): Setback {
  const problem = asProblem(error);
  if (!problem || problem.status >= 500 || problem.code === "too-many-requests") {
    return { isFinal: false, sentence: exhaustedFailure };
  }
  return { isFinal: true, sentence: problem.message };
}

/** Seconds before the second try; each later one waits twice as long: 5, 10, 20 and 40, so five tries take 75. */
const firstDelaySeconds = 5;

/** The delay after a try, counted from 1. */
export function retryDelaySeconds(attempts: number): number {
  return firstDelaySeconds * 2 ** Math.min(attempts - 1, 8);
}
