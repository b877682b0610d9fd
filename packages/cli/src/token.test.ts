import { newUserId } from "@vitrine/contracts";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { parseDuration, resolveUser, signToken } from "./token.ts";

const secret = "a-secret-of-more-than-thirty-two-characters";
const key = new TextEncoder().encode(secret);
const ada = newUserId("ada", { now: 1_790_000_000_000, random: 0.5 });

test("a token carries its user, scope and expiry, and verifies with the secret alone", async () => {
  const now = Date.now();
  const token = await signToken(secret, { userId: ada, scope: "writer", expiresInSeconds: 3600 }, now);
  const { payload } = await jwtVerify(token, key, { algorithms: ["HS256"] });
  expect(payload).toMatchObject({ sub: ada, scope: "writer", exp: Math.floor(now / 1000) + 3600 });
  expect(decodeProtectedHeader(token).alg).toBe("HS256");
  await expect(jwtVerify(token, new TextEncoder().encode(`${secret}!`))).rejects.toThrow("signature");
});

test("a service's token may go without a user", async () => {
  const { payload } = await jwtVerify(await signToken(secret, { scope: "service", expiresInSeconds: 60 }), key);
  expect(payload.sub).toBeUndefined();
  expect(payload.scope).toBe("service");
});

test("a token that is over does not verify", async () => {
  const token = await signToken(secret, { scope: "service", expiresInSeconds: 60 }, Date.now() - 120_000);
  await expect(jwtVerify(token, key)).rejects.toThrow("exp");
});

test.each([
  ["90s", 90],
  ["15m", 900],
  ["1h", 3600],
  ["7d", 604_800],
])("%s are %d seconds", (text, seconds) => expect(parseDuration(text)).toBe(seconds));

test.each(["", "1", "h", "-1h", "1.5h", "1 hour", "0s"])("'%s' is no time span", (text) => {
  expect(() => parseDuration(text)).toThrow("write 90s, 15m, 1h or 7d");
});

test("an id needs no API, and a handle without one is refused with what to do", async () => {
  expect(await resolveUser(ada, "http://127.0.0.1:9", secret)).toBe(ada);
  await expect(resolveUser("ada", "http://127.0.0.1:9", secret)).rejects.toThrow("npm start");
});
