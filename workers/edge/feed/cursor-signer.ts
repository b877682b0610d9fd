import type { Signer } from "@vitrine/ranking";

/** Signatures of cursors are of no use as signatures of URLs, which share the key. */
const purpose = "feed-cursor.";

/**
 * HMAC-SHA256 with the first of the deployment's keys; a signature by any of them is good, so that who scrolls during
 * a rotation goes on. Comparing is the platform's, in constant time.
 */
export function cursorSigner(current: string, accepted: readonly string[] = [current]): Signer {
  const encoder = new TextEncoder();
  const imported = (key: string) =>
    crypto.subtle.importKey("raw", encoder.encode(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
  return {
    sign: async (text) =>
      new Uint8Array(await crypto.subtle.sign("HMAC", await imported(current), encoder.encode(purpose + text))),
    verify: async (text, signature) => {
      const signed = encoder.encode(purpose + text);
      const verdicts = await Promise.all(
        accepted.map(async (key) => crypto.subtle.verify("HMAC", await imported(key), signature, signed)),
      );
      return verdicts.includes(true);
    },
  };
}
