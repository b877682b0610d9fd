import { limits, newUserId } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor, type FeedCursor } from "./cursor.ts";
import { drawnNow } from "./drawn-candidates.ts";
import { maxShownPins, type Signer } from "./signed-cursor.ts";

/** Not a secure signature, but one that every character counts in. */
const signer: Signer = {
  sign: async (text) =>
    Uint8Array.from({ length: 32 }, (_, i) => [...text].reduce((h, c) => (h * 31 + c.charCodeAt(0) + i) & 0xffff, 7)),
  verify: async (text, signature) => (await signer.sign(text)).every((byte, i) => byte === signature[i]),
};
const userId = newUserId("ada", { now: 1, random: 0.1 });
const cursor: FeedCursor = {
  userId,
  region: "weur",
  page: 3,
  openInterests: 11,
  shown: Array.from({ length: maxShownPins }, (_, i) => (i * 2_654_435_761) % 2 ** 32),
  expiresAt: drawnNow + 1,
};
const caller = { userId, now: drawnNow };

test("a cursor comes back as it was, and the fullest one fits the limit", async () => {
  const text = await encodeCursor(cursor, signer);
  expect(text.length).toBeLessThan(limits.maxCursorCharacters);
  expect(text).toMatch(/^[A-Za-z0-9_.-]+$/);
  expect(await decodeCursor(text, signer, caller)).toEqual(cursor);
});

test("a change of any character is refused as an invalid request", async () => {
  const text = await encodeCursor({ ...cursor, shown: [1, 2] }, signer);
  for (let i = 0; i < text.length; i++) {
    const changed = `${text.slice(0, i)}${text[i] === "A" ? "Q" : "A"}${text.slice(i + 1)}`;
    // The last character of base64 may hold bits that mean nothing; any other change must be seen.
    if (i === text.length - 1) continue;
    await expect(decodeCursor(changed, signer, caller)).rejects.toMatchObject({ code: "invalid-request" });
  }
  for (const nonsense of ["", ".", "a.b", "a.b.c", "%%%.###", "e30.e30"]) {
    await expect(decodeCursor(nonsense, signer, caller)).rejects.toMatchObject({ code: "invalid-request" });
  }
});

test("another user's and an expired cursor are refused, each with what to do", async () => {
  const text = await encodeCursor(cursor, signer);
  await expect(decodeCursor(text, signer, { userId: null, now: drawnNow })).rejects.toThrow("another user's");
  await expect(decodeCursor(text, signer, { userId, now: drawnNow + 1 })).rejects.toThrow("expired");
});
