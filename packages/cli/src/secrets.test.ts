import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Refusal } from "./refusal.ts";
import { ensureSecrets, parseVars, readSecrets } from "./secrets.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-secrets-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("secrets are made once, random, and for their owner's eyes alone", () => {
  const path = join(folder, ".dev.vars");
  const secrets = ensureSecrets(path);
  expect(Buffer.from(secrets.JWT_SECRET, "base64url")).toHaveLength(32);
  expect(secrets.SIGNING_KEY).not.toBe(secrets.JWT_SECRET);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(ensureSecrets(path)).toEqual(secrets);
  expect(ensureSecrets(join(folder, "another"))).not.toEqual(secrets);
});

test("what a person put into the file stays, and only what is missing is added", () => {
  const path = join(folder, ".dev.vars");
  writeFileSync(path, "# mine\nJWT_SECRET=keep-me-keep-me-keep-me-keep-me-32\nDEMO_MODE=off");
  expect(ensureSecrets(path).JWT_SECRET).toBe("keep-me-keep-me-keep-me-keep-me-32");
  const text = readFileSync(path, "utf8");
  expect(text).toMatch(/^# mine\nJWT_SECRET=keep-me.*\nDEMO_MODE=off\nSIGNING_KEY=\S{43}\n$/);
});

test("reading secrets that are not there says what makes them", () => {
  expect(() => readSecrets(join(folder, "none"))).toThrow(Refusal);
  expect(() => readSecrets(join(folder, "none"))).toThrow("npm start");
});

test("variables are read as dotenv reads them", () => {
  expect(parseVars("A=1\n#B=2\n export C='three'\nD=\"4 = four\"\nbroken\n")).toEqual({
    A: "1",
    C: "three",
    D: "4 = four",
  });
});
