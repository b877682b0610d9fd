import { expect, test } from "vitest";
import { cursorSigner } from "./cursor-signer.ts";

test("a cursor that the previous key signed goes on after a rotation, and is signed anew", async () => {
  const [before, after] = ["the key of last year, long enough", "the key of this year, long enough"];
  const old = await cursorSigner(before).sign("a page");
  const rotated = cursorSigner(after, [after, before]);
  expect(await rotated.verify("a page", new Uint8Array(old))).toBe(true);
  expect(await rotated.verify("another page", new Uint8Array(old))).toBe(false);
  expect(await cursorSigner(after).verify("a page", new Uint8Array(old))).toBe(false);
  expect(await cursorSigner(after).verify("a page", new Uint8Array(await rotated.sign("a page")))).toBe(true);
});
