import { appendFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openManifest } from "./manifest.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-manifest-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("what was noted is found again by the next run, the last word first", () => {
  const first = openManifest(folder, ["here", "ada"]);
  first.add({ fingerprint: "a.jpg 1 2", refused: "Too large." });
  first.add({ fingerprint: "a.jpg 1 2", pinId: "pin_1" });
  expect(openManifest(folder, ["here", "ada"]).find("a.jpg 1 2")).toEqual({ fingerprint: "a.jpg 1 2", pinId: "pin_1" });
});

test("another user's import knows nothing of it", () => {
  openManifest(folder, ["here", "ada"]).add({ fingerprint: "a.jpg 1 2", pinId: "pin_1" });
  expect(openManifest(folder, ["here", "bela"]).find("a.jpg 1 2")).toBeUndefined();
});

test("a line that a kill cut short is left out, and the lines before it count", () => {
  openManifest(folder, ["here"]).add({ fingerprint: "a.jpg 1 2", pinId: "pin_1" });
  appendFileSync(join(folder, readdirSync(folder)[0] ?? ""), '{"fingerprint":"b.jpg 1 2","pin');
  const manifest = openManifest(folder, ["here"]);
  expect(manifest.find("a.jpg 1 2")?.pinId).toBe("pin_1");
  expect(manifest.find("b.jpg 1 2")).toBeUndefined();
});

test("a line after one that was cut short is not lost with it", () => {
  openManifest(folder, ["here"]).add({ fingerprint: "a.jpg 1 2", pinId: "pin_1" });
  appendFileSync(join(folder, readdirSync(folder)[0] ?? ""), '{"fingerprint":"b.jpg 1 2","pin');
  openManifest(folder, ["here"]).add({ fingerprint: "c.jpg 1 2", pinId: "pin_3" });
  expect(openManifest(folder, ["here"]).find("c.jpg 1 2")?.pinId).toBe("pin_3");
});
