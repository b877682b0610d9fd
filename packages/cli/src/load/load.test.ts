import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { VitrineError } from "@vitrine/client";
import { type BulkReport, bulkOps } from "@vitrine/contracts";
import { afterAll, expect, test } from "vitest";
import { reportLines } from "./command.ts";
import { loadLines } from "./load.ts";
import { createLoadProgress } from "./progress.ts";
import { linesOf, requestsOf } from "./requests.ts";

const folder = mkdtempSync(join(tmpdir(), "vitrine-load-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function* from(lines: readonly string[]) {
  yield* lines;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const line = (op: string, n = 0) => `{"op":"${op}","n":${n}}`;

function reportOf(changes: Partial<BulkReport> = {}): BulkReport {
  const counts = Object.fromEntries(bulkOps.map((op) => [op, { taken: 0, known: 0 }])) as BulkReport["counts"];
  return { counts: { ...counts, save: { taken: 2, known: 1 } }, refused: 0, problems: [], ...changes };
}

test("a file is read plain and packed alike, and what cannot be read is told", async () => {
  const text = `${line("user")}\r\n\n${line("save")}`;
  writeFileSync(join(folder, "a.ndjson"), text);
  writeFileSync(join(folder, "a.ndjson.gz"), gzipSync(text));
  writeFileSync(join(folder, "b.ndjson.gz"), text);
  for (const name of ["a.ndjson", "a.ndjson.gz"]) {
    expect(await all(linesOf(join(folder, name)))).toEqual([line("user"), "", line("save")]);
  }
  await expect(all(linesOf(join(folder, "b.ndjson.gz")))).rejects.toThrow("header");
  await expect(all(linesOf(join(folder, "none.ndjson")))).rejects.toThrow("ENOENT");
});

test("requests keep to lines and bytes, and remember where their lines stand", async () => {
  const lines = ["", line("user", 1), line("save", 2), line("user", 3), line("user", 4)];
  const cut = (limits: object) => all(requestsOf(from(lines), 0, limits));
  const numbers = async (limits: object) => (await cut(limits)).map((request) => request.numbers);
  expect(await numbers({})).toEqual([[2, 4, 5]]);
  expect(await numbers({ maxLines: 2 })).toEqual([[2, 4], [5]]);
  expect(await numbers({ maxBytes: 2 * (line("user", 1).length + 1) })).toEqual([[2, 4], [5]]);
  expect(await numbers({ maxBytes: 1 })).toEqual([[2], [4], [5]]);
  expect((await cut({ maxLines: 2 }))[0]?.text).toBe(`${line("user", 1)}\n${line("user", 3)}`);
});

test("a kind begins when the kinds before it are through, whatever the order of the file", async () => {
  const lines = ["unsave", "save", "pin", "nonsense", "board", "user", "follow", "user"].map((op, i) => line(op, i));
  const begun: string[][] = [];
  let isBusy = false;
  const bulk = {
    async load(text: unknown) {
      expect(isBusy).toBe(false);
      isBusy = true;
      begun.push(String(text).match(/(?<="op":")\w+/g) ?? []);
      await new Promise((resolve) => setTimeout(resolve, 1));
      isBusy = false;
      return reportOf();
    },
  };
  const seen: number[] = [];
  const onLoaded = (count: number) => seen.push(count);
  await loadLines({ lines: () => from(lines), bulk, parallel: 4, gzip: false, onTotal: onLoaded, onLoaded });
  expect(begun).toEqual([["user", "user"], ["board"], ["pin"], ["save", "follow"], ["unsave", "nonsense"]]);
  expect(seen).toEqual([8, 2, 1, 1, 2, 2]);
});

test("no more requests than told are under way, and problems name the lines of the file", async () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => line("save", i));
  let running = 0;
  let most = 0;
  const bulk = {
    async load(text: unknown) {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      const isSecond = String(text).startsWith(line("save", 10_000));
      return isSecond ? reportOf({ refused: 1, problems: [{ line: 3, detail: "No." }] }) : reportOf();
    },
  };
  const report = await loadLines({ lines: () => from(lines), bulk, parallel: 2, gzip: false });
  expect(most).toBe(2);
  expect(report).toMatchObject({ refused: 1, problems: [{ line: 10_003, detail: "No." }] });
  expect(report.counts.save).toEqual({ taken: 10, known: 5 });
});

test("a request that fails in passing is sent again, and one that cannot pass ends the load", async () => {
  const answers = [
    new VitrineError("busy", { status: 503, code: "unavailable", retryAfterSeconds: 0 }),
    reportOf(),
    new VitrineError("This needs a token of scope service.", { status: 403, code: "forbidden" }),
  ];
  const bulk = {
    async load() {
      const answer = answers.shift();
      if (answer instanceof Error || !answer) throw answer;
      return answer;
    },
  };
  const options = { lines: () => from([line("save")]), bulk, parallel: 2, gzip: false };
  expect((await loadLines(options)).counts.save.taken).toBe(2);
  await expect(loadLines(options)).rejects.toThrow("scope service");
});

test("the report tells each kind, the rate and the refused lines", () => {
  const problems = [{ line: 7, detail: "Load the pin first." }];
  expect(reportLines(reportOf({ refused: 3, problems }), 2)).toEqual([
    "  kind  taken  there before",
    "  save      2             1",
    "  6 lines in 2.0 s (3 a second).",
    "  3 were refused:",
    "    line 7: Load the pin first.",
    "    … and 2 more.",
  ]);
});

test("outside a terminal a line comes now and then", () => {
  const printed: string[] = [];
  let now = 0;
  const progress = createLoadProgress({ isTerminal: false, print: (text) => printed.push(text), now: () => now });
  progress.total(100_000);
  for (let i = 0; i < 6; i++) {
    now += 2000;
    progress.loaded(10_000);
  }
  expect(printed).toEqual(["  30000/100000 lines · 5000/s · 0:14 left", "  60000/100000 lines · 5000/s · 0:08 left"]);
  expect(progress.stop()).toBe(12);
});
