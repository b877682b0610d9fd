import type { Timings } from "@vitrine/image";

/** `cache;desc="r2"`, or `cache;desc="origin"` with the stages of the making. */
export function serverTiming(tier: "r2" | "origin", timings?: Timings): string {
  const stages = Object.entries(timings ?? {}).map(([stage, millis]) => `${stage};dur=${millis.toFixed(1)}`);
  return [`cache;desc="${tier}"`, ...stages].join(", ");
}
