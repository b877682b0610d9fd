import { expect, test } from "vitest";
import { userIdOf } from "./token.ts";

const tokenOf = (payload: unknown) => `e30.${btoa(JSON.stringify(payload)).replaceAll("=", "")}.c2ln`;

test("reads whose token it is", () => {
  expect(userIdOf(` ${tokenOf({ sub: "usr_01j9zq4k3m8x7c2v5b", scope: "writer" })}\n`)).toBe("usr_01j9zq4k3m8x7c2v5b");
});

test.each([
  ["no token"],
  [""],
  ["a.b.c"],
  [tokenOf(null)],
  [tokenOf({ scope: "service" })],
  [tokenOf({ sub: 7 })],
])("%j is no user's token", (token) => {
  expect(() => userIdOf(token)).toThrow("vitrine token");
});
