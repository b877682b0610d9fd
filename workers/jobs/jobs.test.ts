import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { type JobsService, newBoardId, newPinId, newUserId, type PinId } from "@vitrine/contracts";
import { codebookKey, decodeCodebook } from "@vitrine/ranking";
import { dot, normalise, quantise, seededSequence } from "@vitrine/vectors";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type Bindings, servicesOf } from "./adapters/bindings.ts";
import { jobs } from "./jobs.ts";

const bindings = env as unknown as Bindings & { TEST_MIGRATIONS: D1Migration[] };
const { DB_0, KV } = bindings;
const now = 1_790_000_000_000;
const day = 24 * 3_600_000;
const user = newUserId("ada", { now, random: 0.1 });
const board = newBoardId(user, { now, random: 0.2 });
const pinIds = Array.from({ length: 700 }, (_, i) => newPinId(user, { now: now + i, random: 0.3 }));

beforeAll(() => applyD1Migrations(DB_0, bindings.TEST_MIGRATIONS));
beforeEach(async () => {
  const tables = ["pins", "originals", "actions", "trending_hours", "idempotency_keys"];
  await DB_0.batch(tables.map((table) => DB_0.prepare(`DELETE FROM ${table}`)));
  await KV.delete(codebookKey);
});

/** Runs a job at a time, with a queue that keeps what is sent. */
async function runAt(job: keyof typeof jobs, at: number) {
  const queued: PinId[] = [];
  const picturesQueue = {
    sendBatch: async (messages: Iterable<{ body: { pinId: PinId } }>) => {
      queued.push(...[...messages].map(({ body }) => body.pinId));
      return {} as never;
    },
  };
  const summary = await jobs[job]({ ...servicesOf(bindings), picturesQueue, now: at });
  return { summary, queued };
}

async function insertPins(count: number, status: string, updatedAt: number) {
  const pin = DB_0.prepare(
    "INSERT INTO pins (id, user_id, board_id, status, created_at, updated_at) VALUES (?, ?, ?, ?, 1, ?)",
  );
  await DB_0.batch(pinIds.slice(0, count).map((id) => pin.bind(id, user, board, status, updatedAt)));
}

/** Pictures around twenty directions. */
async function insertPictures(count: number) {
  const random = seededSequence(3);
  const draw = () => normalise(Float32Array.from({ length: 128 }, () => random() - 0.5));
  const centers = Array.from({ length: 20 }, draw);
  const original = DB_0.prepare(
    "INSERT OR IGNORE INTO originals (hash, content_type, bytes, embedding, first_pin_id, created_at) VALUES (?, 'image/jpeg', 1, ?, 'p', 1)",
  );
  const rows = Array.from({ length: count }, (_, i) => {
    const noise = draw();
    const vector = (centers[i % 20] as Float32Array).map((x, d) => x + 0.3 * (noise[d] ?? 0));
    return original.bind(`${((i * 7_919) % 10_007).toString(16)}-${i}`, quantise(vector));
  });
  await DB_0.batch(rows);
  return centers;
}

test("sweep queues what is provisional for more than a minute, and not again before another", async () => {
  await insertPins(3, "provisional", now - 61_000);
  const first = await runAt("sweep", now);
  expect(first.queued.toSorted()).toEqual(pinIds.slice(0, 3));
  expect(first.summary).toBe("Queued 3 pins again that had been provisional for more than 60 s.");
  expect((await runAt("sweep", now + 59_000)).queued).toEqual([]);
  expect((await runAt("sweep", now + 61_000)).queued).toHaveLength(3);
});

test("sweep leaves young, ready and failed pins alone", async () => {
  await insertPins(2, "provisional", now - 59_000);
  expect((await runAt("sweep", now)).queued).toEqual([]);
  await DB_0.prepare("UPDATE pins SET status = 'ready', updated_at = 1").run();
  expect((await runAt("sweep", now)).queued).toEqual([]);
  await DB_0.prepare("UPDATE pins SET status = 'failed'").run();
  expect(await runAt("sweep", now)).toEqual({
    queued: [],
    summary: "No pin has been provisional for more than 60 s.",
  });
});

test("a run of sweep is bounded, and the next goes on", async () => {
  await insertPins(700, "provisional", 1);
  const first = await runAt("sweep", now);
  const second = await runAt("sweep", now + 1);
  expect([first.queued.length, second.queued.length]).toEqual([500, 200]);
  expect(new Set([...first.queued, ...second.queued]).size).toBe(700);
});

test("the codebook finds the styles of the catalogue, and is the same when learned again", async () => {
  const centers = await insertPictures(800);
  expect((await runAt("codebook", now)).summary).toMatch(
    /^Learned codebook \w+: 20 interests from 800 of 800 pictures\.$/,
  );
  const text = (await KV.get(codebookKey)) ?? "";
  const { centroids } = decodeCodebook(text);
  const found = centers.filter((center) => Math.max(...centroids.map((centroid) => dot(centroid, center))) > 0.9);
  expect(found.length).toBeGreaterThanOrEqual(15);
  await KV.delete(codebookKey);
  await runAt("codebook", now + day);
  expect(await KV.get(codebookKey)).toBe(text);
});

test("a codebook is learned again only when a tenth of the catalogue is new", async () => {
  await insertPictures(200);
  await runAt("codebook", now);
  const first = await KV.get(codebookKey);
  await insertPictures(219);
  expect((await runAt("codebook", now)).summary).toMatch(/still fits: there are 219 now\.$/);
  expect(await KV.get(codebookKey)).toBe(first);
  await insertPictures(221);
  expect((await runAt("codebook", now)).summary).toMatch(/^Learned/);
  expect(await KV.get(codebookKey)).not.toBe(first);
});

test("a catalogue of a few pictures gets no codebook", async () => {
  await insertPictures(15);
  expect((await runAt("codebook", now)).summary).toBe(
    "The catalogue has 15 pictures with an embedding; a codebook needs 16.",
  );
  expect(await KV.get(codebookKey)).toBeNull();
});

test("retention deletes what is too old and nothing else", async () => {
  const hour = Math.floor(now / 3_600_000);
  const action = DB_0.prepare(
    "INSERT INTO actions (id, user_id, pin_id, type, region, occurred_at) VALUES (?, 'u', 'p', 'save', 'weur', ?)",
  );
  const trending = DB_0.prepare("INSERT INTO trending_hours (region, hour, pin_id, weight) VALUES ('weur', ?, 'p', 1)");
  const key = DB_0.prepare("INSERT INTO idempotency_keys (user_id, key, pin_id, created_at) VALUES ('u', ?, 'p', ?)");
  await DB_0.batch([
    action.bind("old", now - 91 * day),
    action.bind("kept", now - 89 * day),
    trending.bind(hour - 15 * 24),
    trending.bind(hour - 13 * 24),
    key.bind("old", now - 8 * day),
    key.bind("kept", now - 6 * day),
  ]);
  const expected =
    "Deleted 1 actions older than 90 days, 1 trending hours older than 14 days, 1 idempotency keys older than 7 days, 0 originals that no pin shows and 0 pictures of other hosts that nobody asked for in a month.";
  expect((await runAt("retention", now)).summary).toBe(expected);
  const left = await DB_0.prepare(
    "SELECT (SELECT group_concat(id) FROM actions) AS a, (SELECT count(*) FROM trending_hours) AS t, (SELECT group_concat(key) FROM idempotency_keys) AS k",
  ).first();
  expect(left).toEqual({ a: "kept", t: 1, k: "kept" });
});

test("jobs run by name over the service binding", async () => {
  const service = (exports as { default: unknown }).default as JobsService;
  const summary = "No pin has been provisional for more than 60 s.";
  expect(await service.run("sweep")).toEqual({ job: "sweep", summary });
});
