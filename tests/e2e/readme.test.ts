import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { newBoard, newCaller, newReadyPin } from "./api.ts";
import { drawPicture } from "./pictures.ts";

/** The lines of the second shell block under "Six calls"; the first only sets TOKEN and PIN. */
const calls =
  codeBlocks("Six calls")[1]
    ?.split("\n")
    .filter((line) => line.startsWith("curl")) ?? [];
let variables: Record<string, string>;

beforeAll(async () => {
  const visitor = await newCaller("newcomer");
  const picture = await drawPicture({ seed: 31, width: 600, height: 800 });
  variables = { TOKEN: visitor.token, PIN: await newReadyPin(visitor, await newBoard(visitor), picture) };
});

test("the README's six curl lines work as pasted", () => {
  expect(calls).toHaveLength(6);
  const folder = mkdtempSync(join(tmpdir(), "vitrine-readme-"));
  try {
    const answers = calls.map((line) => paste(line, folder));
    expect(answers[0]).toMatch(/^HTTP\/1.1 200[\s\S]*content-type: image\/(webp|avif)/i);
    expect(answers[1]).toMatch(/^HTTP\/1.1 200[\s\S]*content-type: image\/jpeg/i);
    expect(answers[1]).toMatch(/server-timing: cache;desc="/i);
    expect(answers[2]).toMatch(/^HTTP\/1.1 304/);
    expect(JSON.parse(answers[3] ?? "")).toMatchObject({ items: expect.any(Array), degraded: [] });
    expect(JSON.parse(answers[4] ?? "")).toMatchObject({ pinId: variables.PIN });
    expect(JSON.parse(answers[5] ?? "")).toMatchObject({ status: "provisional", title: "Mine" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function paste(line: string, folder: string): string {
  const here = line.replaceAll("http://localhost:8787", inject("stackUrl"));
  return execFileSync("bash", ["-c", here], { cwd: folder, env: { ...process.env, ...variables }, encoding: "utf8" });
}

function codeBlocks(heading: string): string[] {
  const section = readFileSync("README.md", "utf8").split(`## ${heading}`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
}
