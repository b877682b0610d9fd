import type { Signer } from "@vitrine/ranking";

/** Signatures of cursors are of no use as signatures of URLs, which share the key. */
const purpose = "feed-cursor.";

/** HMAC-SHA256 with the deployment's signing key; comparing is the platform's, in constant time. */
export function cursorSigner(signingKey: string): Signer {
  const encoder = new TextEncoder();
  const key = crypto.subtle.importKey("raw", encoder.encode(signingKey), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
  return {
    sign: async (text) => new Uint8Array(await crypto.subtle.sign("HMAC", await key, encoder.encode(purpose + text))),
    verify: async (text, signature) =>
      crypto.subtle.verify("HMAC", await key, signature, encoder.encode(purpose + text)),
  };
}
