import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, test, vi } from "vitest";
import { servicesOf } from "./adapters/services.ts";
import { createApp } from "./app.ts";
import { call, problemOf, read, tokenOf } from "./testing/api.ts";

const secret = new TextEncoder().encode(env.JWT_SECRET);
const nobody = "usr_01j9zq4k3m8x7c2v5b";

const claims = (scope: unknown, { sub = nobody, alg = "HS256" } = {}) =>
  new SignJWT({ scope }).setProtectedHeader({ alg, kid: "k1" }).setSubject(sub);

describe("tokens that are refused", () => {
  const other = new TextEncoder().encode("another secret of more than 32 characters");
  const unsigned = `${btoa('{"alg":"none"}')}.${btoa(`{"sub":"${nobody}","scope":"service","exp":99999999999}`)}.`;
  const refused: [string, () => string | Promise<string>][] = [
    ["expired", () => claims("reader").setExpirationTime("1m ago").sign(secret)],
    ["without an end", () => claims("reader").sign(secret)],
    ["not yet valid", () => claims("reader").setNotBefore("5m").setExpirationTime("1h").sign(secret)],
    ["of another secret", () => claims("reader").setExpirationTime("1h").sign(other)],
    ["unsigned", () => unsigned.replaceAll("=", "")],
    ["of no user", () => claims("reader", { sub: "ada" }).setExpirationTime("1h").sign(secret)],
    ["of an unknown scope", () => claims("admin").setExpirationTime("1h").sign(secret)],
    ["of another algorithm", () => claims("reader", { alg: "HS512" }).setExpirationTime("1h").sign(secret)],
    ["no token at all", () => "never-a-token"],
  ];

  test.for(refused)("%s", async ([, make]) => {
    const token = await make();
    const response = await call("GET", "/v1/users", { token });
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
    const problem = await problemOf(response, 401);
    expect(problem.detail).toMatch(/^[A-Z].*\.$/);
    expect(problem.detail).not.toContain(token.slice(-12));
  });

  test("another scheme", async () => {
    await problemOf(call("GET", "/v1/users", { headers: { authorization: "Basic YWRhOmFkYQ==" } }), 401);
  });

  test("a clock that is a few seconds off is forgiven", async () => {
    await read(
      call("GET", "/v1/users", { token: await claims("reader").setExpirationTime("3s ago").sign(secret) }),
      200,
    );
  });

  test("without a way to verify, or with a short secret, tokens are not configured", async () => {
    const token = await claims("reader").setExpirationTime("1h").sign(secret);
    for (const JWT_SECRET of ["short", ""]) {
      const app = appWith({ JWT_SECRET });
      await read(app.request("/v1/users"), 200);
      await problemOf(app.request("/v1/users", { headers: { authorization: `Bearer ${token}` } }), 501);
    }
  });
});

describe("public keys", () => {
  test("sign for their issuer and audience alone, and never as an HS256 secret", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256" };
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ keys: [jwk] }));
    const app = appWith({ JWKS_URL: "https://id.test/keys", JWT_ISSUER: "https://id.test", JWT_AUDIENCE: "vitrine" });
    const ask = (token: string) => app.request("/v1/users", { headers: { authorization: `Bearer ${token}` } });
    const make = (issuer: string, audience: string) =>
      claims("reader", { alg: "ES256" })
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime("1h")
        .sign(privateKey);
    await read(ask(await make("https://id.test", "vitrine")), 200);
    await read(ask(await make("https://id.test", "vitrine")), 200);
    expect(fetched).toHaveBeenCalledTimes(1);
    expect((await problemOf(ask(await make("https://evil.test", "vitrine")), 401)).detail).toContain("iss");
    expect((await problemOf(ask(await make("https://id.test", "other")), 401)).detail).toContain("aud");
    await problemOf(ask(await tokenOf(undefined, "service")), 401);
    fetched.mockRestore();
  });

  test("that cannot be had make tokens unavailable for now", async () => {
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response("", { status: 502 }));
    const { privateKey } = await generateKeyPair("ES256");
    const token = await claims("reader", { alg: "ES256" }).setExpirationTime("1h").sign(privateKey);
    const app = appWith({ JWKS_URL: "https://down.test/keys" });
    const response = await app.request("/v1/users", { headers: { authorization: `Bearer ${token}` } });
    expect(response.headers.get("retry-after")).toBe("5");
    await problemOf(response, 503);
    fetched.mockRestore();
  });
});

/** The app with its own way to verify tokens; the secret of the tests is left out. */
function appWith(settings: Partial<typeof env>) {
  const { JWT_SECRET: _, ...rest } = env;
  return createApp(() =>
    servicesOf({ ...rest, ...settings }, createExecutionContext(), new Request("https://edge.test/")),
  );
}
