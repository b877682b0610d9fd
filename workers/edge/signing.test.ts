import { describe, expect, test } from "vitest";
import {
  acceptedKeys,
  requireSignatureUnlessPreset,
  requireSigningKey,
  signRenditionPath,
  verifySignature,
} from "./signing.ts";

const key = "a key of at least thirty-two characters";
const otherKey = "another key of at least thirty-two characters";
const path = "/i/pin_01j9zq4k3m8x7c2v5b/feed";
const nowSeconds = 1_790_000_000;

async function signed(of = path, { withKey = key, expiresAt = nowSeconds + 60 } = {}): Promise<URL> {
  return new URL(await signRenditionPath(withKey, of, expiresAt), "https://edge.test");
}

const verdict = (url: URL, keys = [key], at = nowSeconds) => verifySignature(keys, url, at);

/** The URL with parameters set, or taken away where undefined. */
function changed(url: URL, changes: Record<string, string | undefined>, pathname = url.pathname): URL {
  const copy = new URL(url);
  copy.pathname = pathname;
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) copy.searchParams.delete(name);
    else copy.searchParams.set(name, value);
  }
  return copy;
}

async function hmac(text: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", new TextEncoder().encode(key), algorithm, false, ["sign"]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", imported, new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe("a signed path", () => {
  test("is the HMAC of path and expiry, as anybody with the key computes it", async () => {
    const url = await signed();
    expect(url.searchParams.get("sig")).toBe(await hmac(`${path}?exp=${nowSeconds + 60}`));
  });

  test("signs all other parameters in one order, wherever they stand", async () => {
    const url = await signed("/image/w=80/x?z=1&b=%2F&a=2&a=1");
    expect(url.searchParams.get("sig")).toBe(await hmac(`/image/w=80/x?a=1&a=2&b=%2F&exp=${nowSeconds + 60}&z=1`));
    const parts = url.search.slice(1).split("&");
    expect(await verdict(new URL(`${url.pathname}?${parts.toReversed().join("&")}`, url))).toBe("valid");
    expect(await verdict(changed(url, { z: "2" }))).toBe("invalid");
    expect(await verdict(changed(url, { z: undefined }))).toBe("invalid");
    expect(await verdict(changed(url, { user: "usr_1" }))).toBe("invalid");
  });

  test("signed again has one expiry and one signature", async () => {
    const first = await signed();
    const again = await signed(first.pathname + first.search, { expiresAt: nowSeconds + 600 });
    expect(again.searchParams.getAll("exp")).toEqual([String(nowSeconds + 600)]);
    expect(again.searchParams.getAll("sig")).toHaveLength(1);
    expect(await verdict(again, [key], nowSeconds + 100)).toBe("valid");
  });

  test("is valid until its second", async () => {
    const url = await signed();
    const at = (seconds: number) => verdict(url, [key], seconds);
    expect([await at(nowSeconds), await at(nowSeconds + 59.9)]).toEqual(["valid", "valid"]);
    expect([await at(nowSeconds + 60), await at(nowSeconds + 1e6)]).toEqual(["expired", "expired"]);
  });

  test("is invalid with anything changed", async () => {
    const url = await signed();
    const sig = url.searchParams.get("sig") ?? "";
    const exp = url.searchParams.get("exp") ?? "";
    const forgeries = [
      changed(url, {}, path.replace("feed", "zoom")),
      changed(url, {}, `${path}.jpg`),
      changed(url, { exp: String(Number(exp) + 1) }),
      changed(url, { exp: `0${exp}` }),
      changed(url, { sig: sig.replace(/^./, (first) => (first === "0" ? "1" : "0")) }),
      changed(url, { sig: sig.toUpperCase().replace(/\d/g, "A") }),
      changed(url, { sig: sig.slice(0, 62) }),
      changed(url, { sig: "" }),
      changed(url, { sig: undefined }),
      changed(url, { exp: undefined }),
      changed(url, { exp: "never" }),
    ];
    for (const forgery of forgeries) expect(await verdict(forgery), forgery.href).toBe("invalid");
    expect(await verdict(url, [otherKey])).toBe("invalid");
    expect(await verdict(url, [])).toBe("invalid");
  });

  test("needs a key that cannot be guessed", () => {
    expect(requireSigningKey(key)).toBe(key);
    for (const weak of [undefined, "", "short"]) expect(() => requireSigningKey(weak)).toThrow("SIGNING_KEY");
  });
});

describe("a rotation", () => {
  test("accepts the previous key beside the new one, and no other", async () => {
    const keys = acceptedKeys({ signingKey: otherKey, signingKeyPrevious: key });
    expect(keys).toEqual([otherKey, key]);
    expect(await verdict(await signed(path, { withKey: key }), keys)).toBe("valid");
    expect(await verdict(await signed(path, { withKey: otherKey }), keys)).toBe("valid");
    expect(await verdict(await signed(path, { withKey: key, expiresAt: nowSeconds - 1 }), keys)).toBe("expired");
    expect(await verdict(await signed(path, { withKey: `${key}, a third` }), keys)).toBe("invalid");
  });

  test("never accepts a previous key that can be guessed", () => {
    for (const signingKeyPrevious of [undefined, "", "short"]) {
      expect(acceptedKeys({ signingKey: key, signingKeyPrevious })).toEqual([key]);
    }
  });
});

describe("the mode signed", () => {
  const settings = { signingKey: key, signingKeyPrevious: undefined, renditionAccess: "signed" as const };
  const ask = (url: URL, { isPreset = false, renditionAccess = settings.renditionAccess as "open" | "signed" } = {}) =>
    requireSignatureUnlessPreset({ ...settings, renditionAccess }, { url, isPreset, nowSeconds });

  test("lets presets and signed URLs pass", async () => {
    await ask(new URL("https://edge.test/i/p/feed"), { isPreset: true });
    await ask(await signed("/image/w=80/x"));
  });

  test("refuses other URLs, with a signature of something else too", async () => {
    const bare = new URL("https://edge.test/image/w=80/x");
    await expect(ask(bare)).rejects.toMatchObject({ code: "forbidden" });
    await expect(ask(changed(await signed("/image/w=80/x"), {}, "/image/w=81/x"))).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(ask(await signed("/image/w=80/x", { expiresAt: 1 }))).rejects.toMatchObject({ code: "gone" });
    await ask(bare, { renditionAccess: "open" });
  });
});
