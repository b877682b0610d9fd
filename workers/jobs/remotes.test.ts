import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newBoardId, newPinId, newUserId } from "@vitrine/contracts";
import { remoteMarkKey } from "@vitrine/fetching";
import { planForPreset, renditionKey } from "@vitrine/image";
import { beforeAll, expect, test } from "vitest";
import { type Bindings, servicesOf } from "./adapters/bindings.ts";
import { deleteUnaskedRemotes } from "./remotes.ts";

const bindings = env as unknown as Bindings & { TEST_MIGRATIONS: D1Migration[] };
const { DB_0, KV, ORIGINALS, RENDITIONS } = bindings;
const now = 1_790_000_000_000;
const day = 24 * 3_600_000;
const feed = planForPreset("feed", "webp");

beforeAll(() => applyD1Migrations(DB_0, bindings.TEST_MIGRATIONS));

const run = () => deleteUnaskedRemotes({ ...servicesOf(bindings), now });

let count = 0;
async function keepRemote(askedAt: number): Promise<string> {
  const hash = (++count).toString(16).padStart(64, "0");
  await ORIGINALS.put(hash, "a picture");
  await RENDITIONS.put(renditionKey(hash, feed), "a rendition");
  await KV.put(remoteMarkKey(hash), "", { metadata: { askedAt } });
  return hash;
}

/** Which of original, rendition and mark are there. */
async function kept(hash: string): Promise<string> {
  const [original, rendition, mark] = await Promise.all([
    ORIGINALS.head(hash),
    RENDITIONS.head(renditionKey(hash, feed)),
    KV.get(remoteMarkKey(hash)),
  ]);
  return [original && "original", rendition && "rendition", mark !== null && "mark"].filter(Boolean).join(" ");
}

test("a remote picture that nobody asked for in a month goes with its renditions, and no other", async () => {
  const [old, asked] = [await keepRemote(now - 32 * day), await keepRemote(now - 29 * day)];
  const plain = "f".repeat(64);
  await ORIGINALS.put(plain, "an upload");
  expect(await run()).toBe(1);
  expect([await kept(old), await kept(asked), await kept(plain)]).toEqual(["", "original rendition mark", "original"]);
});

test("one that is a pin's picture as well stays, as a pin's", async () => {
  const hash = await keepRemote(now - 32 * day);
  const user = newUserId("ada", { now, random: 0.1 });
  await DB_0.prepare(
    "INSERT INTO pins (id, user_id, board_id, original_hash, status, created_at, updated_at) VALUES (?, ?, ?, ?, 'ready', 1, 1)",
  )
    .bind(newPinId(user, { now, random: 0.2 }), user, newBoardId(user, { now, random: 0.3 }), hash)
    .run();
  expect(await run()).toBe(0);
  expect(await kept(hash)).toBe("original rendition");
});

test("a run is bounded, and the next goes on", async () => {
  const hashes = await Promise.all(Array.from({ length: 40 }, () => keepRemote(now - 40 * day)));
  expect([await run(), await run(), await run()]).toEqual([30, 10, 0]);
  expect(await Promise.all(hashes.map(kept))).toEqual(hashes.map(() => ""));
});
