import { createClient, VitrineError } from "@vitrine/client";
import { type BulkReport, bulkOps } from "@vitrine/contracts";
import { columns } from "../measures/columns.ts";
import { secretsFile } from "../project.ts";
import { Refusal } from "../refusal.ts";
import { readSecrets } from "../secrets.ts";
import { signToken } from "../token.ts";
import { loadLines } from "./load.ts";
import { createLoadProgress } from "./progress.ts";
import { linesOf } from "./requests.ts";

export interface LoadCommandOptions {
  url: string;
  token?: string;
  /** Requests at a time. */
  parallel: number;
}

/** Longer than the longest load. */
const tokenSeconds = 24 * 3600;

/** `vitrine load`: exit code 1 when a line was refused. */
export async function load(file: string, { url, token, parallel }: LoadCommandOptions): Promise<number> {
  const bearer =
    token ??
    (await signToken(readSecrets(secretsFile).JWT_SECRET, { scope: "service", expiresInSeconds: tokenSeconds }));
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
  const progress = createLoadProgress({ isTerminal: process.stdout.isTTY === true });
  try {
    const report = await loadLines({
      lines: () => linesOf(file),
      bulk: createClient({ baseUrl: url, token: bearer }).bulk,
      parallel,
      gzip: !isThisMachine(url),
      signal: stopping.signal,
      onTotal: progress.total,
      onLoaded: progress.loaded,
    });
    const seconds = progress.stop();
    for (const line of reportLines(report, seconds)) console.log(line);
    return report.refused > 0 ? 1 : 0;
  } catch (error) {
    progress.stop();
    if (stopping.signal.aborted) throw new Refusal("Stopped; the same command goes on where this one ended.");
    if (error instanceof VitrineError) throw new Refusal(`${url}: ${error.message}`);
    throw isOfFile(error) ? new Refusal(`${file} cannot be read: ${error.message}.`) : error;
  }
}

/** What came of a load, for a person; the last lines list what was refused. */
export function reportLines({ counts, refused, problems }: BulkReport, seconds: number): string[] {
  const ops = bulkOps.filter((op) => counts[op].taken + counts[op].known > 0);
  const rows = ops.map((op) => [`  ${op}`, ...[counts[op].taken, counts[op].known].map((n) => n.toLocaleString("en"))]);
  const lines = ops.reduce((sum, op) => sum + counts[op].taken + counts[op].known, refused);
  const rate = Math.round(lines / seconds).toLocaleString("en");
  return [
    ...columns([["  kind", "taken", "there before"], ...rows]),
    `  ${lines.toLocaleString("en")} lines in ${seconds.toFixed(1)} s (${rate} a second).`,
    ...(refused > 0 ? [`  ${refused.toLocaleString("en")} were refused:`] : []),
    ...problems.map(({ line, detail }) => `    line ${line}: ${detail}`),
    ...(refused > problems.length ? [`    … and ${(refused - problems.length).toLocaleString("en")} more.`] : []),
  ];
}

/** Packing is for the way, and there is none. */
function isThisMachine(url: string): boolean {
  return URL.canParse(url) && ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);
}

/** Of the file system, or of unpacking. */
function isOfFile(error: unknown): error is Error {
  return error instanceof Error && "code" in error && /^(E[A-Z]+|Z_\w+)$/.test(String(error.code));
}
