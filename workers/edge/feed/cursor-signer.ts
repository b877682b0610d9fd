import type { Signer } from "@vitrine/ranking";

/** What is scrolled: a signature of one is of no use for another, nor as that of a URL, which share the key. */
export type Scrolled = "feed" | "related";

/** Imported once an isolate: it takes as long as signing. A deployment has two keys at most. */
const imported = new Map<string, Promise<CryptoKey>>();

function keyOf(text: string): Promise<CryptoKey> {
  const known = imported.get(text);
  if (known) return known;
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = crypto.subtle.importKey("raw", new TextEncoder().encode(text), algorithm, false, ["sign", "verify"]);
  imported.set(text, key);
  return key;
}

/**
 * HMAC-SHA256 with the first of the deployment's keys; a signature by any of them is good, so that who scrolls during
 * a rotation goes on. Comparing is the platform's, in constant time.
 */
export function cursorSigner(current: string, accepted: readonly string[] = [current], of: Scrolled = "feed"): Signer {
  const encoder = new TextEncoder();
  const purpose = `${of}-cursor.`;
  return {
    sign: async (text) =>
      new Uint8Array(await crypto.subtle.sign("HMAC", await keyOf(current), encoder.encode(purpose + text))),
    verify: async (text, signature) => {
      const signed = encoder.encode(purpose + text);
      const verdicts = await Promise.all(
        accepted.map(async (key) => crypto.subtle.verify("HMAC", await keyOf(key), signature, signed)),
      );
      return verdicts.includes(true);
    },
  };
}
