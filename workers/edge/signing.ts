/**
 * Signed URLs: who has one sees one rendition until it expires, without a token.
 *
 *   /i/{pin}/{preset}?exp=<unix seconds>&sig=<lower-case hex HMAC-SHA256 of pathname + "?exp=<unix seconds>">
 *
 * Other query parameters are signed with it: what is signed is the pathname, "?", and all parameters but `sig`, each
 * as `name=value` encoded as URLSearchParams does, these pairs sorted as strings and joined by "&".
 */
import { Problem } from "@vitrine/contracts";
import type { Settings } from "./context.ts";
import { toHex } from "./hex.ts";

/** An HMAC key shorter than this many characters can be guessed. */
const minKeyCharacters = 32;

/** The key of signatures, or a `not-configured` problem when the deployment has none. */
export function requireSigningKey(key: string | undefined): string {
  if (key && key.length >= minKeyCharacters) return key;
  throw new Problem(
    "not-configured",
    `Set the secret SIGNING_KEY (at least ${minKeyCharacters} characters) to sign URLs.`,
  );
}

/** The keys whose signatures are good, the one that signs first; the previous one only verifies, during a rotation. */
export function acceptedKeys({ signingKey, signingKeyPrevious }: SigningSettings): string[] {
  const previous = signingKeyPrevious && signingKeyPrevious.length >= minKeyCharacters ? signingKeyPrevious : undefined;
  return [signingKey, previous].filter((key) => key !== undefined && key !== "") as string[];
}

type SigningSettings = Pick<Settings, "signingKey" | "signingKeyPrevious">;

/**
 * The path, which may have a query, with its expiry and signature; `expiresAt` in whole seconds since 1970. The
 * parameters come out in canonical order, and an expiry or signature that the path had is replaced.
 */
export async function signRenditionPath(key: string, path: string, expiresAt: number): Promise<string> {
  const [pathname = "", query = ""] = splitQuery(path);
  const parameters = new URLSearchParams(query);
  parameters.set("exp", String(expiresAt));
  const signed = canonical(pathname, parameters);
  const signature = await crypto.subtle.sign("HMAC", await hmacKey(key), encoder.encode(signed));
  return `${signed}&sig=${toHex(signature)}`;
}

/**
 * Whether the URL carries a signature by one of the keys over its path and all of its parameters: `invalid` for
 * anything else, `expired` when it was signed and its time is over. Every key is tried, and each comparison is the
 * platform's, in constant time: the answer's time does not tell which key was near.
 */
export async function verifySignature(
  keys: readonly string[],
  { pathname, searchParams }: Pick<URL, "pathname" | "searchParams">,
  nowSeconds: number,
): Promise<SignatureVerdict> {
  const exp = searchParams.get("exp");
  const sig = searchParams.get("sig");
  if (!exp || !sig || !/^\d{1,12}$/.test(exp)) return "invalid";
  const signature = fromHex(sig);
  if (!signature) return "invalid";
  const signed = encoder.encode(canonical(pathname, searchParams));
  const verdicts = await Promise.all(
    keys.map(async (key) => crypto.subtle.verify("HMAC", await hmacKey(key), signature, signed)),
  );
  if (!verdicts.includes(true)) return "invalid";
  return Number(exp) > nowSeconds ? "valid" : "expired";
}

export type SignatureVerdict = "valid" | "expired" | "invalid";

/**
 * In the mode `signed`, refuses what is neither a preset nor signed: a deployment then makes only the renditions that
 * its own pages ask for, whoever writes URLs. In the mode `open` everything passes.
 */
export async function requireSignatureUnlessPreset(
  settings: SigningSettings & Pick<Settings, "renditionAccess">,
  request: { url: URL; isPreset: boolean; nowSeconds: number },
): Promise<void> {
  if (settings.renditionAccess === "open" || request.isPreset) return;
  const verdict = await verifySignature(acceptedKeys(settings), request.url, request.nowSeconds);
  if (verdict === "valid") return;
  if (verdict === "expired") throw new Problem("gone", "This signed URL has expired: ask for a new one.");
  throw new Problem("forbidden", "Ask for a preset, or for a signed URL: others are not made here.");
}

function splitQuery(path: string): [string, string] {
  const at = path.indexOf("?");
  return at < 0 ? [path, ""] : [path.slice(0, at), path.slice(at + 1)];
}

/** What is signed. By code units, so that every language sorts alike. */
function canonical(pathname: string, parameters: URLSearchParams): string {
  const pairs = [...parameters]
    .filter(([name]) => name !== "sig")
    .map(([name, value]) => `${new URLSearchParams([[name, value]])}`);
  return `${pathname}?${pairs.sort().join("&")}`;
}

const encoder = new TextEncoder();
const importedKeys = new Map<string, Promise<CryptoKey>>();
/** A deployment has a key or, during a rotation, two; tests have more. */
const maxImportedKeys = 8;

/** Imported once an isolate: a page of a secret board signs a hundred URLs. */
function hmacKey(key: string): Promise<CryptoKey> {
  const known = importedKeys.get(key);
  if (known) return known;
  const imported = crypto.subtle.importKey("raw", encoder.encode(key), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
  if (importedKeys.size >= maxImportedKeys) importedKeys.clear();
  importedKeys.set(key, imported);
  return imported;
}

/** The 32 bytes of a lower-case SHA-256 in hex, or undefined. */
function fromHex(hex: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[0-9a-f]{64}$/.test(hex)) return undefined;
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
