import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { scanFolder, titleOf } from "./scan.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-scan-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), "x");
  }
}

test("sub-folders become boards, deeper ones belong to them, and loose files go to a board of the folder's name", async () => {
  put("T-Shirt/b.PNG", "T-Shirt/a.jpeg", "T-Shirt/old/c.webp", "Hats/d.avif", "loose.gif", "README.md", ".hidden.jpg");
  const { boards } = await scanFolder(folder);
  expect(boards.map(({ name, category, files }) => [name, category, files.map((file) => file.relativePath)])).toEqual([
    [expect.stringContaining("vitrine-scan-"), expect.stringContaining("vitrine-scan-"), ["loose.gif"]],
    ["Hats", "hats", ["Hats/d.avif"]],
    ["T-Shirt", "t-shirt", ["T-Shirt/a.jpeg", "T-Shirt/b.PNG", "T-Shirt/old/c.webp"]],
  ]);
  expect(boards[2]?.files.map(({ contentType }) => contentType)).toEqual(["image/jpeg", "image/png", "image/webp"]);
});

test("a folder without pictures leaves no board", async () => {
  put("docs/readme.txt", "Hats/a.jpg");
  expect((await scanFolder(folder)).boards.map(({ name }) => name)).toEqual(["Hats"]);
});

test.each([
  ["a missing folder", "nowhere", "There is no folder"],
  ["a file", "a.jpg", "is a file"],
  ["a folder without pictures", "empty", "There are no pictures"],
])("%s is refused with one sentence", async (_, name, sentence) => {
  put("a.jpg", "empty/notes.txt");
  await expect(scanFolder(join(folder, name))).rejects.toThrow(sentence);
});

test("a title is the file's name in words, unless a machine made it up", () => {
  expect(titleOf("red_wool-coat", "Coats 1")).toBe("Red wool coat");
  for (const madeUp of [
    "00f6e504-7c27-438e-a5d7-bc65e557bb2b",
    "IMG_2041",
    "DSC00012",
    "20240131_101500",
    "PXL_2024",
  ]) {
    expect(titleOf(madeUp, "Coats 1")).toBe("Coats 1");
  }
  expect(titleOf("x".repeat(500), "Coats 1")).toHaveLength(200);
});
