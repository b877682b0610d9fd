/**
 * Signed rendition URLs: who has one sees one rendition of one pin until it expires, without a token.
 *
 *   /i/{pin}/{preset}?exp=<unix seconds>&sig=<lower-case hex HMAC-SHA256 of pathname + "?exp=<unix>">
 */
import { Problem } from "@vitrine/contracts";
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

/** The path with its expiry and signature; `expiresAt` in whole seconds since 1970. */
export async function signRenditionPath(key: string, pathname: string, expiresAt: number): Promise<string> {
  const expiry = `${pathname}?exp=${expiresAt}`;
  const signature = await crypto.subtle.sign("HMAC", await hmacKey(key), encoder.encode(expiry));
  return `${expiry}&sig=${toHex(signature)}`;
}

/**
 * Whether `exp` and `sig` of a request were signed for this path: `invalid` for anything else, `expired`
 * when it was signed and its time is over. The comparison is the platform's, in constant time.
 */
export async function verifyRenditionSignature(
  key: string,
  pathname: string,
  { exp, sig, nowSeconds }: { exp: string | undefined; sig: string | undefined; nowSeconds: number },
): Promise<"valid" | "expired" | "invalid"> {
  if (!exp || !sig || !/^\d{1,12}$/.test(exp)) return "invalid";
  const signature = fromHex(sig);
  if (!signature) return "invalid";
  const genuine = await crypto.subtle.verify(
    "HMAC",
    await hmacKey(key),
    signature,
    encoder.encode(`${pathname}?exp=${exp}`),
  );
  if (!genuine) return "invalid";
  return Number(exp) > nowSeconds ? "valid" : "expired";
}

const encoder = new TextEncoder();
const importedKeys = new Map<string, Promise<CryptoKey>>();

/** Imported once an isolate: a deployment has one key, and a page of a secret board signs a hundred URLs. */
function hmacKey(key: string): Promise<CryptoKey> {
  const known = importedKeys.get(key);
  if (known) return known;
  const imported = crypto.subtle.importKey("raw", encoder.encode(key), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
  importedKeys.clear();
  importedKeys.set(key, imported);
  return imported;
}

/** The 32 bytes of a lower-case SHA-256 in hex, or undefined. */
function fromHex(hex: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[0-9a-f]{64}$/.test(hex)) return undefined;
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
