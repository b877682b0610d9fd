/** Cutting a file of lines into requests: kind after kind, so that what a line refers to is there before it. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { type BulkOp, limits } from "@vitrine/contracts";

/** Kinds that may be loaded side by side. What is of no known kind goes last, to be refused by the server. */
const stages: readonly (readonly BulkOp[])[] = [["user"], ["board"], ["pin"], ["save", "follow"], ["unsave"]];
export const stageCount = stages.length;

export interface LoadRequest {
  text: string;
  /** For each line of the text its number in the file, from 1. */
  numbers: number[];
}

/** The lines of a file, unpacked when its name ends in .gz. Throws what reading throws. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const packed = createReadStream(file);
  const bytes = file.endsWith(".gz") ? packed.pipe(createGunzip()) : packed;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined); // whoever reads is told below
  packed.on("error", failure.reject);
  bytes.on("error", failure.reject);
  const lines = createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([lines.next(), failure.promise]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    packed.destroy();
  }
}

/** How many lines of each stage there are; blank ones are none. */
export async function countStages(lines: AsyncIterable<string>): Promise<number[]> {
  const counts = stages.map(() => 0);
  for await (const line of lines) {
    const stage = stageOf(line);
    if (stage !== undefined) counts[stage] = (counts[stage] ?? 0) + 1;
  }
  return counts;
}

/** The lines of one stage as requests within the server's limits. */
export async function* requestsOf(
  lines: AsyncIterable<string>,
  stage: number,
  { maxLines = limits.maxBulkLines as number, maxBytes = limits.maxBulkBytes as number } = {},
): AsyncGenerator<LoadRequest> {
  let texts: string[] = [];
  let numbers: number[] = [];
  let bytes = 0;
  let number = 0;
  const close = (): LoadRequest => {
    const request = { text: texts.join("\n"), numbers };
    [texts, numbers, bytes] = [[], [], 0];
    return request;
  };
  for await (const line of lines) {
    number++;
    if (stageOf(line) !== stage) continue;
    const size = Buffer.byteLength(line) + 1;
    if (texts.length > 0 && (texts.length === maxLines || bytes + size > maxBytes)) yield close();
    texts.push(line);
    numbers.push(number);
    bytes += size;
  }
  if (texts.length > 0) yield close();
}

/** By the name of the kind alone: whether the line is good is for the server to say. */
function stageOf(line: string): number | undefined {
  if (line.trim() === "") return undefined;
  const op = /"op"\s*:\s*"(\w+)"/.exec(line)?.[1];
  const stage = stages.findIndex((ops) => ops.some((each) => each === op));
  return stage < 0 ? stages.length - 1 : stage;
}
