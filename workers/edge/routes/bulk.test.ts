import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import {
  type BoardPage,
  type BulkReport,
  type EventsMessage,
  limits,
  newBoardId,
  newPinId,
  newUserId,
  type Pin,
  type SavePage,
  type UserId,
} from "@vitrine/contracts";
import { userEmbeddingKey } from "@vitrine/ranking";
import { beforeAll, describe, expect, test } from "vitest";
import { openDatabases } from "../adapters/database.ts";
import { servicesOf } from "../adapters/services.ts";
import { createApp } from "../app.ts";
import { board, call, person, pinOfWords, problemOf, read, tokenOf } from "../testing/api.ts";

let service: string;
beforeAll(async () => {
  service = await tokenOf(undefined, "service");
});

const seed = () => ({ now: Date.now(), random: Math.random() });
const at = "2020-02-03T04:05:06.000Z";

/** A user with a board and a pin of words, whose ids are made here. */
function ownerOf(handle: string) {
  const id = newUserId(handle, seed());
  const boardId = newBoardId(id, seed());
  const pinId = newPinId(id, seed());
  const lines = [
    { op: "user", id, handle, name: `Name of ${handle}`, createdAt: at },
    { op: "board", id: boardId, ownerId: id, name: "Loaded", createdAt: at },
    { op: "pin", id: pinId, userId: id, boardId, title: "A title", category: "Chairs", createdAt: at },
  ];
  return { id, boardId, pinId, lines };
}

const textOf = (lines: readonly unknown[]) => lines.map((line) => JSON.stringify(line)).join("\n");

function send(body: BodyInit, headers: Record<string, string> = {}, token = service) {
  return call("POST", "/v1/bulk", { token, body, headers: { "content-type": "application/x-ndjson", ...headers } });
}
const load = (lines: readonly unknown[]) => read<BulkReport>(send(textOf(lines)), 200);
const savesOf = async (userId: UserId) =>
  (await read<SavePage>(call("GET", `/v1/users/${userId}/saves`, { token: service }), 200)).items;
const tables = ["users", "boards", "pins", "saves", "follows", "actions", "trending_hours"];
const everything = () =>
  Promise.all(tables.map(async (table) => (await env.DB_0.prepare(`SELECT * FROM ${table}`).all()).results));
const none = { taken: 0, known: 0 };

describe("loading", () => {
  test("a file goes in at one go, whatever the order of its lines", async () => {
    const ada = ownerOf("bulk-ada");
    const bob = ownerOf("bulk-bob");
    const lines = [
      { op: "unsave", userId: bob.id, pinId: bob.pinId },
      { op: "follow", userId: bob.id, targetId: ada.id, createdAt: at },
      { op: "save", userId: bob.id, pinId: ada.pinId, createdAt: at },
      { op: "save", userId: bob.id, pinId: bob.pinId, boardId: bob.boardId },
      ...ada.lines.toReversed(),
      ...bob.lines.toReversed(),
    ];
    const report = await load(lines);
    const two = { taken: 2, known: 0 };
    const one = { taken: 1, known: 0 };
    expect(report).toEqual({
      counts: { user: two, board: two, pin: two, save: two, follow: one, unsave: one },
      refused: 0,
      problems: [],
    });
    expect(await savesOf(bob.id)).toMatchObject([{ pinId: ada.pinId, boardId: bob.boardId, createdAt: at }]);
    expect(await read<Pin>(call("GET", `/v1/pins/${ada.pinId}`), 200)).toMatchObject({
      status: "ready",
      title: "A title",
      category: "chairs",
      renditions: null,
      saveCount: 1,
      createdAt: at,
    });
  });

  test("twice is once: nothing changes and every line is known", async () => {
    const eve = ownerOf("bulk-eve");
    const fan = newUserId("bulk-fan", seed());
    const lines = [
      ...eve.lines,
      { op: "user", id: fan, handle: "bulk-fan", name: "Fan", createdAt: at },
      { op: "save", userId: fan, pinId: eve.pinId, createdAt: at },
      { op: "follow", userId: fan, targetId: eve.boardId, createdAt: at },
    ];
    expect((await load(lines)).counts.save).toEqual({ taken: 1, known: 0 });
    const once = await everything();
    const again = await load([...lines, ...lines]);
    expect(await everything()).toEqual(once);
    expect(again).toEqual({
      counts: {
        user: { taken: 0, known: 4 },
        board: { taken: 0, known: 2 },
        pin: { taken: 0, known: 2 },
        save: { taken: 0, known: 2 },
        follow: { taken: 0, known: 2 },
        unsave: none,
      },
      refused: 0,
      problems: [],
    });
    const { items } = await read<BoardPage>(call("GET", `/v1/users/${fan}/boards`), 200);
    expect(items.map(({ name }) => name)).toEqual(["Saves"]);
  });

  test("leaves the region's store and trending alone", async () => {
    const mae = ownerOf("bulk-mae");
    await load([...mae.lines, { op: "save", userId: mae.id, pinId: mae.pinId }]);
    const region = env.REGION_STORE.get(env.REGION_STORE.idFromName("weur"));
    expect((await region.recent(mae.id, 10)).actions).toEqual([]);
    const counted = await env.DB_0.prepare("SELECT * FROM trending_hours WHERE pin_id = ?").bind(mae.pinId).all();
    expect(counted.results).toEqual([]);
  });

  test("more than fits one statement is taken whole, and times ahead are now", async () => {
    const max = ownerOf("bulk-max");
    const before = Date.now();
    const description = "€".repeat(limits.maxDescriptionCharacters);
    const pins = Array.from({ length: 600 }, (_, i) => {
      const id = newPinId(max.id, { now: i, random: Math.random() });
      return { op: "pin", id, userId: max.id, boardId: max.boardId, description, createdAt: "2999-01-01T00:00:00Z" };
    });
    const saves = pins.map(({ id }) => ({ op: "save", userId: max.id, pinId: id, boardId: max.boardId }));
    const report = await load([...max.lines, ...pins.slice(0, 500), ...saves.slice(0, 500)]);
    expect([report.refused, report.counts.pin.taken, report.counts.save.taken]).toEqual([0, 501, 500]);
    const kept = await env.DB_0.prepare(
      "SELECT min(created_at) AS at, min(length(description)) AS length FROM pins WHERE id = ?",
    )
      .bind(pins[499]?.id)
      .first<{ at: number; length: number }>();
    expect(kept?.length).toBe(limits.maxDescriptionCharacters);
    expect(kept?.at).toBeGreaterThanOrEqual(before);
    expect(kept?.at).toBeLessThanOrEqual(Date.now());
  });

  test("takes gzip", async () => {
    const zoe = ownerOf("bulk-zoe");
    const packed = new Blob([textOf(zoe.lines)]).stream().pipeThrough(new CompressionStream("gzip"));
    const body = await new Response(packed).arrayBuffer();
    const report = await read<BulkReport>(send(body, { "content-encoding": "gzip" }), 200);
    expect(report.counts.pin).toEqual({ taken: 1, known: 0 });
  });
});

describe("a bad line", () => {
  test("is told with its number and one sentence, and hinders no other", async () => {
    const ida = ownerOf("bulk-ida");
    const [user, boardLine, pin] = ida.lines;
    const stranger = newUserId("bulk-stranger", seed());
    const bad: [unknown, RegExp][] = [
      [{ op: "user", id: newUserId("other", seed()), handle: "bulk-odd", name: "x" }, /newUserId/],
      [{ op: "user", id: newUserId("bulk-ida", { now: 1, random: 0 }), handle: "bulk-ida", name: "x" }, /handle/],
      [{ op: "board", id: newBoardId(stranger, seed()), ownerId: ida.id, name: "x" }, /newBoardId/],
      [{ op: "board", id: newBoardId(stranger, seed()), ownerId: stranger, name: "x" }, /Load the user/],
      [{ ...pin, id: newPinId(stranger, seed()) }, /newPinId/],
      [{ ...pin, id: newPinId(ida.id, seed()), userId: stranger }, /board of the user's own/],
      [{ ...pin, id: newPinId(ida.id, seed()), imageUrl: "http://127.0.0.1/x.png" }, /address/],
      [{ op: "save", userId: ida.id, pinId: newPinId(ida.id, seed()) }, /Load the pin/],
      [{ op: "save", userId: stranger, pinId: ida.pinId }, /Load the user/],
      [{ op: "save", userId: ida.id, pinId: ida.pinId, boardId: newBoardId(ida.id, seed()) }, /Load the board/],
      [{ op: "follow", userId: ida.id, targetId: ida.id }, /themselves/],
      [{ op: "follow", userId: ida.id, targetId: stranger }, /target/],
      [{ op: "follow", userId: ida.id, targetId: "x" }, /targetId/],
      [{ op: "dance" }, /user, board, pin, save, follow, unsave/],
      [{ op: "save", userId: ida.id, pinId: ida.pinId, createdAt: "yesterday" }, /createdAt/],
      [[], /line/],
      [null, /line/],
    ];
    const lines = [user, ...bad.map(([line]) => line), "no object", boardLine, pin];
    const text = textOf(lines).replace('"no object"', '{"op":"user",');
    const report = await read<BulkReport>(send(`${text}\r\n\n  \n`), 200);
    expect(report.counts).toMatchObject({ user: { taken: 1 }, board: { taken: 1 }, pin: { taken: 1 }, save: none });
    expect(report.refused).toBe(bad.length + 1);
    expect(report.problems.map(({ line }) => line)).toEqual([...bad, 0].map((_, i) => i + 2));
    for (const [i, [, sentence]] of bad.entries()) expect(report.problems[i]?.detail).toMatch(sentence);
    for (const { detail } of report.problems) expect(detail).toMatch(/^[A-Z].*\.$/);
    expect((await read<BoardPage>(call("GET", `/v1/users/${stranger}/boards`), 200)).items).toEqual([]);
  });

  test("of many only the first are told", async () => {
    const report = await read<BulkReport>(send("{\n".repeat(limits.maxBulkProblems + 50)), 200);
    expect(report.refused).toBe(limits.maxBulkProblems + 50);
    expect(report.problems.map(({ line }) => line)).toEqual(
      Array.from({ length: limits.maxBulkProblems }, (_, i) => i + 1),
    );
  });

  test("may hold what breaks others: half a surrogate pair, NUL, SQL", async () => {
    const odd = ownerOf("bulk-odd-words");
    const [user, boardLine, pin] = odd.lines;
    const words = { title: "a\u0000b", description: "\ud800 '); DROP TABLE pins; --" };
    const report = await load([user, boardLine, { ...pin, ...words }]);
    expect(report.counts.pin.taken).toBe(1);
    const kept = await read<Pin>(call("GET", `/v1/pins/${odd.pinId}`), 200);
    expect(kept.description).toBe("\ufffd '); DROP TABLE pins; --");
  });
});

describe("secrecy", () => {
  test("a secret board takes nobody else's pins and saves, and is not told apart from none", async () => {
    const [owner, other, friend] = await Promise.all(
      ["owner", "other", "friend"].map((name) => person(`bulk-${name}`)),
    );
    if (!owner || !other || !friend) throw new Error("three people");
    const secret = await board(owner, "secret");
    const open = await board(owner);
    const hidden = await pinOfWords(owner, secret);
    const shown = await pinOfWords(owner, open);
    const own = await board(other);
    const invite = `/v1/boards/${secret.id}/collaborators/${friend.id}`;
    await (await call("PUT", invite, { token: owner.writer })).body?.cancel();
    const nothing = { board: newBoardId(owner.id, seed()), pin: newPinId(owner.id, seed()) };
    const newPin = (boardId: string) => ({ op: "pin", id: newPinId(owner.id, seed()), userId: other.id, boardId });
    const report = await load([
      { op: "save", userId: other.id, pinId: shown.id, boardId: secret.id },
      { op: "save", userId: other.id, pinId: shown.id, boardId: nothing.board },
      { op: "save", userId: other.id, pinId: hidden.id, boardId: own.id },
      { op: "save", userId: other.id, pinId: nothing.pin, boardId: own.id },
      { op: "follow", userId: other.id, targetId: secret.id },
      { op: "follow", userId: other.id, targetId: nothing.board },
      newPin(secret.id),
      newPin(nothing.board),
      { op: "save", userId: other.id, pinId: shown.id, boardId: open.id },
      { op: "save", userId: friend.id, pinId: hidden.id, boardId: secret.id },
      { op: "save", userId: other.id, pinId: shown.id, boardId: own.id },
    ]);
    expect(report.counts.save).toEqual({ taken: 2, known: 0 });
    const details = report.problems.map(({ detail }) => detail);
    expect(report.problems.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const i of [0, 2, 4, 6]) expect(details[i]).toBe(details[i + 1]);
    expect(details[8]).toMatch(/user's own/);
  });
});

describe("the statements of a load", () => {
  test("take values that D1 takes: 2 MB, which the local one does not bound", async () => {
    const sizes: number[] = [];
    const watched = {
      prepare(query: string) {
        const statement = env.DB_0.prepare(query);
        const bind = (...values: unknown[]) => {
          sizes.push(...values.map((value) => new TextEncoder().encode(String(value)).byteLength));
          return statement.bind(...values);
        };
        return { ...statement, bind };
      },
      batch: (statements: D1PreparedStatement[]) => env.DB_0.batch(statements),
    } as unknown as D1Database;
    const context = createExecutionContext();
    const app = createApp(() => ({
      ...servicesOf(env, context, new Request("https://edge.test/")),
      databases: openDatabases(watched),
    }));
    const sam = ownerOf("bulk-sam");
    const description = "€".repeat(limits.maxDescriptionCharacters);
    const pins = Array.from({ length: 600 }, (_, i) => ({
      ...sam.lines[2],
      id: newPinId(sam.id, { now: i, random: 0 }),
    }));
    const lines = [...sam.lines, ...pins.map((pin) => ({ ...pin, description }))];
    const headers = { authorization: `Bearer ${service}`, "content-type": "application/x-ndjson" };
    const request = { method: "POST", headers, body: textOf(lines) };
    const { counts } = await read<BulkReport>(app.request("/v1/bulk", request), 200);
    await waitOnExecutionContext(context);
    expect(counts.pin.taken).toBe(601);
    expect(Math.max(...sizes)).toBeLessThan(2_000_000);
    expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThan(3_000_000);
  });
});

describe("what follows a load", () => {
  /** The app with queues that keep what they are sent. */
  async function loadObserved(lines: readonly unknown[]) {
    const pictures: string[] = [];
    const refreshed: string[] = [];
    const context = createExecutionContext();
    const app = createApp(() => ({
      ...servicesOf(env, context, new Request("https://edge.test/")),
      picturesQueue: {
        send: async () => undefined,
        sendBatch: async (messages) => pictures.push(...messages.map(({ body }) => body.pinId)),
      },
      eventsQueue: {
        send: async ({ refreshes = [] }: EventsMessage) => refreshed.push(...refreshes.map(({ userId }) => userId)),
      },
    }));
    const headers = { authorization: `Bearer ${service}`, "content-type": "application/x-ndjson" };
    const report = await read<BulkReport>(
      app.request("/v1/bulk", { method: "POST", headers, body: textOf(lines) }),
      200,
    );
    await waitOnExecutionContext(context);
    return { report, pictures, refreshed };
  }

  test("new pins by URL are provisional and queued, once", async () => {
    const uma = ownerOf("bulk-uma");
    const [user, boardLine, pin] = uma.lines;
    const lines = [user, boardLine, { ...pin, imageUrl: "https://pictures.example.com/a.jpg" }];
    expect((await loadObserved(lines)).pictures).toEqual([uma.pinId]);
    const kept = await read<Pin>(call("GET", `/v1/pins/${uma.pinId}`), 200);
    expect(kept.status).toBe("provisional");
    const row = await env.DB_0.prepare("SELECT image_url, updated_at FROM pins WHERE id = ?").bind(uma.pinId).first();
    expect(row?.image_url).toBe("https://pictures.example.com/a.jpg");
    expect(row?.updated_at).toBeGreaterThan(Date.parse(at));
    expect((await loadObserved(lines)).pictures).toEqual([]);
  });

  test("user embeddings are made anew of those who have one, and of no others", async () => {
    const users = Array.from({ length: 230 }, (_, i) => ownerOf(`bulk-known-${i}`));
    const active = users.filter((_, i) => i % 100 === 7).map(({ id }) => id);
    await Promise.all(active.map((id) => env.KV.put(userEmbeddingKey(id), "an embedding")));
    const saves = users.map(({ id, pinId }) => ({ op: "save", userId: id, pinId }));
    const { report, refreshed } = await loadObserved([...users.flatMap(({ lines }) => lines), ...saves]);
    expect([report.refused, report.counts.save.taken]).toEqual([0, 230]);
    expect(refreshed.sort()).toEqual(active.sort());
  });
});

describe("a request that cannot be taken", () => {
  test("is refused before any work: type, encoding, size, lines, broken gzip", async () => {
    const line = JSON.stringify({ op: "unsave" });
    await problemOf(send(line, { "content-type": "application/json" }), 415);
    await problemOf(send(line, { "content-encoding": "br" }), 415);
    await problemOf(send(line, { "content-encoding": "gzip" }), 400);
    await problemOf(send(`${line}\n`.repeat(limits.maxBulkLines + 1)), 413);
    await problemOf(send(" ".repeat(limits.maxBulkBytes + 1)), 413);
    const bomb = new Blob([" ".repeat(limits.maxBulkBytes + 1)]).stream().pipeThrough(new CompressionStream("gzip"));
    const packed = await new Response(bomb).arrayBuffer();
    expect(packed.byteLength).toBeLessThan(limits.maxBulkBytes / 100);
    await problemOf(send(packed, { "content-encoding": "gzip" }), 413);
    expect((await read<BulkReport>(send(`${line}\n`.repeat(limits.maxBulkLines)), 200)).refused).toBe(
      limits.maxBulkLines,
    );
    expect((await read<BulkReport>(send(""), 200)).refused).toBe(0);
  });

  test("is for services alone", async () => {
    const ada = await person("bulk-writer");
    await problemOf(send("", {}, ada.writer), 403);
  });
});
