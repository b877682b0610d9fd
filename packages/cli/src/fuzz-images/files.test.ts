import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findFiles, fuzzFiles } from "./files.ts";

const folder = mkdtempSync(join(tmpdir(), "vitrine-fuzz-"));
mkdirSync(join(folder, "deep"));
writeFileSync(join(folder, "b.png"), "bbbb");
writeFileSync(join(folder, "deep", "a.jpg"), "aaaaaaaa");
afterAll(() => rmSync(folder, { recursive: true }));
const name = basename(folder);

test("files are found in depth and sorted by name", () => {
  expect(findFiles([folder]).map((file) => file.name)).toEqual([`${name}/b.png`, `${name}/deep/a.jpg`]);
});

test("the files come whole, then broken copies of each in turn, the same for the same seed", () => {
  const list = (seed: string) => [...fuzzFiles(findFiles([folder]), { mutants: 20, seed })];
  const files = list("s");
  expect(files.map(({ isMutant }) => isMutant)).toEqual([false, false, ...Array(20).fill(true)]);
  expect(files[0]?.bytes).toEqual(new Uint8Array(Buffer.from("bbbb")));
  expect(files[2]?.name).toMatch(/\/b\.png#0 [a-z-]+$/);
  expect(files[3]?.name).toMatch(/\/a\.jpg#1 [a-z-]+$/);
  expect(list("s")).toEqual(files);
  expect(list("t")).not.toEqual(files);
});

test("a missing folder, or empty ones, are refused in one sentence", () => {
  expect(() => findFiles([join(folder, "none")])).toThrow("cannot be read: name folders of pictures.");
  mkdirSync(join(folder, "deep", "empty"));
  expect(() => findFiles([join(folder, "deep", "empty")])).toThrow("The folders are empty");
});
