/** What the API answers while the database or the region's store is down or does not answer. */
import { newBoardId, newPinId, newUserId } from "@vitrine/contracts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openDatabases, queryDeadlineMillis } from "./adapters/database.ts";
import type { Services } from "./context.ts";
import { problemOf, tokenOf } from "./testing/api.ts";
import { drawPin, owner } from "./testing/drawn-pin.ts";
import { edgeWith } from "./testing/isolate.ts";

/** A D1 binding of which every query does the same. */
function bindingThat(answers: () => Promise<never>): D1Database {
  const statement = { bind: () => statement, all: answers, run: answers, raw: answers, first: answers };
  return { prepare: () => statement, batch: answers } as unknown as D1Database;
}

let broken: Partial<Services> = {};
beforeEach(() => {
  broken = {};
});
afterEach(() => {
  vi.useRealTimers();
});
const ask = edgeWith(() => broken);

const seed = { now: 1, random: 0.5 };
const [user, board, pin] = [newUserId("somebody", seed), newBoardId(owner, seed), newPinId(owner, seed)];
const json = (body: unknown) => ({ body: JSON.stringify(body) });

/** Every operation that asks the database. */
const operations: [method: string, path: string, init?: RequestInit][] = [
  ["POST", "/v1/users", json({ handle: "ada" })],
  ["GET", "/v1/users"],
  ["GET", "/v1/users/ada"],
  ["GET", `/v1/users/${user}/boards`],
  ["GET", `/v1/users/${user}/saves`],
  ["POST", "/v1/boards", json({ name: "A board" })],
  ["GET", `/v1/boards/${board}`],
  ["PATCH", `/v1/boards/${board}`, json({ name: "Another" })],
  ["DELETE", `/v1/boards/${board}`],
  ["GET", `/v1/boards/${board}/pins`],
  ["PUT", `/v1/boards/${board}/collaborators/${user}`],
  ["DELETE", `/v1/boards/${board}/collaborators/${user}`],
  ["POST", "/v1/pins", json({ boardId: board, title: "Words" })],
  ["GET", `/v1/pins/${pin}`],
  ["PATCH", `/v1/pins/${pin}`, json({ title: "Other words" })],
  ["DELETE", `/v1/pins/${pin}`],
  ["POST", `/v1/pins/${pin}/retry`],
  ["POST", `/v1/pins/${pin}/purge`],
  ["POST", `/v1/pins/${pin}/signed-url`, json({ preset: "feed" })],
  ["POST", "/v1/saves", json({ pinId: pin })],
  ["DELETE", `/v1/saves/${pin}`],
  ["PUT", `/v1/follows/${user}`],
  ["DELETE", `/v1/follows/${user}`],
  ["GET", "/v1/follows"],
  ["PUT", `/v1/users/${user}/block`],
  ["DELETE", `/v1/users/${user}/block`],
  ["GET", "/v1/blocks"],
  ["POST", "/v1/events", json({ events: [{ id: "event-0001", type: "closeup", pinId: pin }] })],
  ["GET", `/i/${pin}/feed`],
  ["GET", `/i/${pin}/srcset.json`],
  ["GET", `/image/w=100/${pin}`],
  ["GET", "/demo/users"],
  ["POST", "/demo/session", json({ handle: "ada" })],
];

async function askFor([method, path, init]: (typeof operations)[number]): Promise<Response> {
  const needsService = path === "/v1/users" || path.endsWith("/purge");
  const token = await tokenOf(needsService ? undefined : owner, needsService ? "service" : "writer");
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return ask(path, headers, { method, ...init });
}

test.each(operations)("while the database is down, %s %s says when to ask again", async (...operation) => {
  const lost = () => Promise.reject(new Error("D1_ERROR: Network connection lost: db-7f3a.internal"));
  broken = { databases: openDatabases(bindingThat(lost)) };
  const refused = await askFor(operation);
  expect(refused.headers.get("retry-after")).toBe("5");
  const { code, detail } = await problemOf(refused, 503);
  expect(code).toBe("unavailable");
  expect(detail).toMatch(/again in a few seconds\.$/);
  expect(detail).not.toContain("D1");
});

test("a database that never answers is waited for no longer than its deadline", async () => {
  broken = { databases: openDatabases(bindingThat(() => new Promise(() => undefined))) };
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const asked = askFor(["GET", `/v1/boards/${board}`]);
  await vi.waitUntil(() => vi.getTimerCount() > 0, { interval: 1 });
  await vi.advanceTimersByTimeAsync(queryDeadlineMillis);
  await problemOf(await asked, 503);
});

test("a query that is wrong is our fault, and no weather", async () => {
  const wrong = () => Promise.reject(new Error("D1_ERROR: no such column: nmae: SQLITE_ERROR"));
  broken = { databases: openDatabases(bindingThat(wrong)) };
  expect((await problemOf(askFor(["GET", "/v1/users/ada"]), 500)).code).toBe("internal");
});

test("events that the region's store cannot keep are to be sent again", async () => {
  const { id } = await drawPin();
  const record = () => Promise.reject(new Error("the object is overloaded"));
  broken = { regionStore: () => ({ record }) as unknown as ReturnType<Services["regionStore"]> };
  const event = { id: "event-0002", type: "closeup", pinId: id };
  const refused = await askFor(["POST", "/v1/events", json({ events: [event] })]);
  expect(refused.headers.get("retry-after")).toBe("5");
  expect((await problemOf(refused, 503)).detail).toMatch(/send it again/);
});

test("a bucket that is down keeps nobody from a rendition whose format hangs on the picture", async () => {
  const { id } = await drawPin();
  const down = () => Promise.reject(new Error("down"));
  broken = { originals: { get: down, head: down } as unknown as R2Bucket };
  expect((await ask(`/i/${id}/feed`)).headers.get("content-type")).toBe("image/jpeg");
});
