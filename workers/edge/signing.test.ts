import { describe, expect, test } from "vitest";
import { requireSigningKey, signRenditionPath, verifyRenditionSignature } from "./signing.ts";

const key = "a key of at least thirty-two characters";
const path = "/i/pin_01j9zq4k3m8x7c2v5b/feed";
const nowSeconds = 1_790_000_000;

async function signed(expiresAt: number) {
  const url = new URL(await signRenditionPath(key, path, expiresAt), "https://edge.test");
  const [exp, sig] = [url.searchParams.get("exp") ?? "", url.searchParams.get("sig") ?? ""];
  return { pathname: url.pathname, exp, sig };
}

describe("a signed path", () => {
  test("is the HMAC of path and expiry, as anybody with the key computes it", async () => {
    const { exp, sig } = await signed(nowSeconds + 60);
    const hmac = { name: "HMAC", hash: "SHA-256" };
    const imported = await crypto.subtle.importKey("raw", new TextEncoder().encode(key), hmac, false, ["sign"]);
    const expected = await crypto.subtle.sign("HMAC", imported, new TextEncoder().encode(`${path}?exp=${exp}`));
    expect(sig).toBe(Array.from(new Uint8Array(expected), (byte) => byte.toString(16).padStart(2, "0")).join(""));
  });

  test("is valid until its second", async () => {
    const { exp, sig } = await signed(nowSeconds + 60);
    const at = (seconds: number) => verifyRenditionSignature(key, path, { exp, sig, nowSeconds: seconds });
    expect([await at(nowSeconds), await at(nowSeconds + 59.9)]).toEqual(["valid", "valid"]);
    expect([await at(nowSeconds + 60), await at(nowSeconds + 1e6)]).toEqual(["expired", "expired"]);
  });

  test("is invalid with anything changed", async () => {
    const { exp, sig } = await signed(nowSeconds + 60);
    const flipped = sig.replace(/^./, (first) => (first === "0" ? "1" : "0"));
    const changed: [string, string, string | undefined, string | undefined][] = [
      [key, path.replace("feed", "zoom"), exp, sig],
      [key, `${path}.jpg`, exp, sig],
      [key, path, String(Number(exp) + 1), sig],
      [key, path, `0${exp}`, sig],
      [key, path, exp, flipped],
      [key, path, exp, sig.toUpperCase().replace(/\d/g, "A")],
      [key, path, exp, sig.slice(0, 62)],
      [key, path, exp, ""],
      [key, path, exp, undefined],
      [key, path, undefined, sig],
      [key, path, "never", sig],
      ["another key of at least thirty-two characters", path, exp, sig],
    ];
    for (const [withKey, of, expiry, signature] of changed) {
      expect(await verifyRenditionSignature(withKey, of, { exp: expiry, sig: signature, nowSeconds })).toBe("invalid");
    }
  });

  test("needs a key that cannot be guessed", () => {
    expect(requireSigningKey(key)).toBe(key);
    for (const weak of [undefined, "", "short"]) expect(() => requireSigningKey(weak)).toThrow("SIGNING_KEY");
  });
});
