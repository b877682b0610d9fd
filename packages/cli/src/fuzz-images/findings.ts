/** What became of every file, counted, and what must never happen, by name. */
import { type Memory, memoryLines, noMemory } from "./memory.ts";

export const faultKinds = ["5xx", "hang", "wrong size", "unreadable", "substitute", "not prepared"] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  kind: FaultKind;
  /** The file, and for a broken copy its number and mutation. */
  name: string;
  /** What was asked for: `upload`, `prepare`, or a rendition such as `large.jpg`. */
  request: string;
  detail: string;
}

export interface Findings {
  files: number;
  /** All three renditions came, right. */
  served: number;
  /** How many by `415 unsupported-media-type at upload`. */
  refusals: Record<string, number>;
  /** Accepted, and found to be no picture when it was to be prepared: how many by the sentence. */
  failures: Record<string, number>;
  faults: Fault[];
  memory: Memory;
  seconds: number;
}

export function noFindings(): Findings {
  return { files: 0, served: 0, refusals: {}, failures: {}, faults: [], memory: noMemory(), seconds: 0 };
}

export function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** More are counted only: one broken path of the code can make thousands. */
const maxListed = 40;

export function findingLines({ files, served, refusals, failures, faults, memory, seconds }: Findings): string[] {
  const byCount = (counts: Record<string, number>) =>
    Object.entries(counts)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, number]) => `  ${String(number).padStart(6)}  ${name}`);
  const kinds = faultKinds.map((kind) => `${faults.filter((fault) => fault.kind === kind).length} ${kind}`);
  return [
    `${files} files in ${seconds.toFixed(0)} s: ${served} served, ${total(refusals)} refused.`,
    ...byCount(refusals),
    ...(total(failures) > 0
      ? [`${total(failures)} were accepted and could not be prepared:`, ...byCount(failures)]
      : []),
    ...memoryLines(memory),
    `Faults: ${kinds.join(", ")}.`,
    ...faults
      .slice(0, maxListed)
      .map(({ kind, name, request, detail }) => `  ${kind}: ${name} (${request}): ${detail}`),
    ...(faults.length > maxListed ? [`  … and ${faults.length - maxListed} more.`] : []),
  ];
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, number) => sum + number, 0);
}
