/** wrangler's output: all of it into a file, and to the person only what goes wrong. */
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** Enough to hold a stack trace and what led to it. */
const tailLines = 40;

const complaint = /\[ERROR\]|\[WARNING\]|^✘|^▲|\b(?:Uncaught|Error):/;
/** Said by every local run, and nothing to do about: no network for request.cf, bindings that are local anyway. */
const expected = /request\.cf|Cf object|update available|multiple Workers|experimental|Scheduled Workers/i;

export interface DevLog {
  path: string;
  write(chunk: string): void;
  /** Whether a Worker could not be bundled: wrangler then waits for a better source, and nothing gets healthy. */
  hasBuildError(): boolean;
  /** The last lines, for when the stack does not start. */
  tail(): string;
  close(): void;
}

/** Appends to the file; `complain` gets the lines that are warnings or errors. */
export function openDevLog(path: string, complain: (line: string) => void): DevLog {
  mkdirSync(dirname(path), { recursive: true });
  const file = createWriteStream(path, { flags: "w" });
  const last: string[] = [];
  let rest = "";
  let hasBuildError = false;
  return {
    path,
    write(chunk) {
      file.write(chunk);
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines.map(stripVTControlCharacters)) {
        if (line.trim() === "") continue;
        last.push(line);
        if (last.length > tailLines) last.shift();
        hasBuildError ||= line.includes("Build failed with");
        if (isComplaint(line)) complain(line.trim());
      }
    },
    hasBuildError: () => hasBuildError,
    tail: () => last.join("\n"),
    close: () => file.end(),
  };
}

export function isComplaint(line: string): boolean {
  return complaint.test(line) && !expected.test(line);
}
