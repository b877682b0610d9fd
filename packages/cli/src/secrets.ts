/** The local secrets in .dev.vars: made once, read by the stack and by `vitrine token`. */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Refusal } from "./refusal.ts";

export interface Secrets {
  JWT_SECRET: string;
  SIGNING_KEY: string;
}

/** 256 bits, as many as HS256 and the HMAC of signed URLs have. */
const secretBytes = 32;

/** Makes the file when it is absent, completes it when a secret is missing, and never changes what is there. */
export function ensureSecrets(path: string): Secrets {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const known = parseVars(text);
  const wanted = { JWT_SECRET: newSecret, SIGNING_KEY: newSecret, DEMO_MODE: () => "on" };
  const missing = Object.entries(wanted).filter(([name]) => !known[name]);
  if (missing.length > 0) {
    const lines = missing.map(([name, make]) => `${name}=${make()}\n`).join("");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text === "" || text.endsWith("\n") ? text + lines : `${text}\n${lines}`, { mode: 0o600 });
    chmodSync(path, 0o600);
  }
  return readSecrets(path);
}

/** Throws a Refusal when there are none yet. */
export function readSecrets(path: string): Secrets {
  if (!existsSync(path))
    throw new Refusal(`There are no secrets in ${path} yet: run \`npm start\` once, it makes them.`);
  const { JWT_SECRET, SIGNING_KEY } = parseVars(readFileSync(path, "utf8"));
  if (JWT_SECRET && SIGNING_KEY) return { JWT_SECRET, SIGNING_KEY };
  throw new Refusal(`${path} lacks JWT_SECRET or SIGNING_KEY: delete it, and \`npm start\` makes a new one.`);
}

/** `NAME=value` lines, comments and quotes as dotenv has them. */
export function parseVars(text: string): Record<string, string> {
  const vars: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) vars[name] = value.replace(/^(["'])(.*)\1$/, "$2");
  }
  return vars;
}

function newSecret(): string {
  return randomBytes(secretBytes).toString("base64url");
}
