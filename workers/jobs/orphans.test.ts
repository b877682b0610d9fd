import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newBoardId, newPinId, newUserId } from "@vitrine/contracts";
import { planForPreset, renditionKey } from "@vitrine/image";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type Bindings, servicesOf } from "./adapters/bindings.ts";
import { deleteOrphans } from "./orphans.ts";
import type { JobServices } from "./services.ts";

const bindings = env as unknown as Bindings & { TEST_MIGRATIONS: D1Migration[] };
const { DB_0, KV, ORIGINALS, RENDITIONS } = bindings;
const now = 1_790_000_000_000;
const hour = 3_600_000;
const user = newUserId("ada", { now, random: 0.1 });
const board = newBoardId(user, { now, random: 0.2 });
const feed = planForPreset("feed", "webp");

beforeAll(() => applyD1Migrations(DB_0, bindings.TEST_MIGRATIONS));
beforeEach(async () => {
  await DB_0.batch(["pins", "originals"].map((table) => DB_0.prepare(`DELETE FROM ${table}`)));
  await KV.delete("retention:originals:0");
});

const run = (changes: Partial<JobServices> = {}) => deleteOrphans({ ...servicesOf(bindings), now, ...changes });

let count = 0;
const hashOf = (name: string) =>
  Array.from(name, (c) => c.charCodeAt(0).toString(16))
    .join("")
    .padEnd(64, "0");

async function insertPin(hash: string) {
  await DB_0.prepare(
    "INSERT INTO pins (id, user_id, board_id, original_hash, status, created_at, updated_at) VALUES (?, ?, ?, ?, 'ready', 1, 1)",
  )
    .bind(newPinId(user, { now, random: ++count / 1_000 }), user, board, hash)
    .run();
}

async function insertOriginal(name: string, { pins = 0, createdAt = now - 25 * hour } = {}): Promise<string> {
  const hash = hashOf(name);
  await ORIGINALS.put(hash, name, { httpMetadata: { contentType: "image/png" } });
  await RENDITIONS.put(renditionKey(hash, feed), name);
  await DB_0.prepare(
    "INSERT INTO originals (hash, content_type, bytes, first_pin_id, created_at) VALUES (?, 'image/png', 1, 'p', ?)",
  )
    .bind(hash, createdAt)
    .run();
  for (let i = 0; i < pins; i++) await insertPin(hash);
  return hash;
}

/** Which of original, rendition and row are there. */
async function kept(hash: string): Promise<string> {
  const parts = await Promise.all([
    ORIGINALS.head(hash),
    RENDITIONS.head(renditionKey(hash, feed)),
    DB_0.prepare("SELECT 1 FROM originals WHERE hash = ?").bind(hash).first(),
  ]);
  return ["original", "rendition", "row"].filter((_, i) => parts[i]).join(" ");
}

const all = "original rendition row";

test("an original that no pin shows goes with its renditions, and no other", async () => {
  const orphan = await insertOriginal("orphan");
  const [shown, shared] = [await insertOriginal("shown", { pins: 1 }), await insertOriginal("shared", { pins: 2 })];
  const young = await insertOriginal("young", { createdAt: now - 23 * hour });
  expect(await run()).toBe(1);
  expect(await Promise.all([orphan, shown, shared, young].map(kept))).toEqual(["", all, all, all]);
  expect(await run()).toBe(0);
});

test("the last of several pins takes the original with it", async () => {
  const hash = await insertOriginal("last", { pins: 2 });
  const remove = () => DB_0.prepare("DELETE FROM pins WHERE id = (SELECT id FROM pins LIMIT 1)").run();
  await remove();
  expect([await run(), await kept(hash)]).toEqual([0, all]);
  await remove();
  expect([await run(), await kept(hash)]).toEqual([1, ""]);
});

test("a pin that comes while its original goes gets the bytes back", async () => {
  const hash = await insertOriginal("comes-again");
  const originals = {
    get: ORIGINALS.get.bind(ORIGINALS),
    put: ORIGINALS.put.bind(ORIGINALS),
    delete: async (key: string) => {
      await insertPin(hash);
      await ORIGINALS.delete(key);
    },
  } as unknown as JobServices["originals"];
  expect(await run({ originals })).toBe(0);
  expect(await kept(hash)).toBe(all);
  const object = await ORIGINALS.get(hash);
  expect([await object?.text(), object?.httpMetadata?.contentType]).toEqual(["comes-again", "image/png"]);
});

test("a pin of another database keeps the original", async () => {
  const hash = await insertOriginal("elsewhere");
  const { databases } = servicesOf(bindings);
  const [database] = databases.all();
  if (!database) throw new Error("there is no database");
  // It has no originals to walk over, and a pin for whatever is asked.
  const rows = [{ unused: "[]", seen: 0, last: null, shown: 1 }];
  const other = { all: async () => rows } as unknown as typeof database;
  // Not even for a moment: what is deleted and put back is gone if the run dies between.
  const originals = { delete: () => Promise.reject(new Error("the original is deleted")) };
  const changes = { databases: { ...databases, all: () => [database, other] }, originals };
  expect(await run(changes as unknown as JobServices)).toBe(0);
  expect(await kept(hash)).toBe(all);
});

test("a run that died is repeated", async () => {
  const hash = await insertOriginal("died");
  const renditions = {
    list: () => Promise.reject(new Error("R2 is down")),
    delete: RENDITIONS.delete.bind(RENDITIONS),
  };
  await expect(run({ renditions: renditions as unknown as JobServices["renditions"] })).rejects.toThrow("R2 is down");
  expect(await kept(hash)).toBe("rendition row");
  expect([await run(), await kept(hash)]).toEqual([1, ""]);
});

test("a run is bounded, and the next goes on where it ended", async () => {
  const hashes = await Promise.all(Array.from({ length: 60 }, (_, i) => insertOriginal(`many-${i + 10}`)));
  expect(await run()).toBe(50);
  expect(await KV.get("retention:originals:0")).toBe(hashOf("many-59"));
  expect(await run()).toBe(10);
  expect(await Promise.all(hashes.map(kept))).toEqual(hashes.map(() => ""));
  expect(await KV.get("retention:originals:0")).toBe("");
});
