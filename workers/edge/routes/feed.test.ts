import { type EventReceipt, type FeedPage, limits, newPinId } from "@vitrine/contracts";
import { beforeAll, expect, test } from "vitest";
import { call, person, problemOf, read, tokenOf } from "../testing/api.ts";
import { bindings, type Catalogue, drawCatalogue } from "../testing/catalogue.ts";

let catalogue: Catalogue;
let eventCount = 0;

beforeAll(async () => {
  catalogue = await drawCatalogue(bindings, ["shoes", "hats", "lamps"], { pinsPerStyle: 20 });
});

const event = (pin: number, type = "closeup") => ({
  id: `reported-${++eventCount}`,
  type,
  pinId: catalogue.pins[pin]?.id ?? "",
});

test("anybody gets a page of what is trending and fresh, that no cache may keep", async () => {
  const answer = await call("GET", "/v1/feed?limit=10&region=weur");
  expect(answer.headers.get("cache-control")).toBe("private, no-store");
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(answer.headers.get("server-timing")).toMatch(
    /^total;dur=.*index;desc="\d+ calls", d1;desc="\d+ calls", fragments;desc="/,
  );
  const page = await read<FeedPage>(answer, 200);
  expect(page).toMatchObject({ region: "weur", degraded: [] });
  expect(page.items).toHaveLength(10);
  expect(page.items[0]?.pin.renditions?.feed).toBe(`/i/${page.items[0]?.pin.id}/feed`);
  const next = await read<FeedPage>(call("GET", `/v1/feed?limit=10&region=weur&cursor=${page.cursor}`), 200);
  const shown = new Set(page.items.map(({ pin }) => pin.id));
  expect(next.items.filter(({ pin }) => shown.has(pin.id))).toEqual([]);
});

test("a service reads the feed of a user, whose cursor is nobody else's", async () => {
  const [ada, bob] = [await person("feed-ada"), await person("feed-bob")];
  const token = await tokenOf(undefined, "service");
  const { cursor } = await read<FeedPage>(call("GET", `/v1/feed?user=${ada.id}&limit=5`, { token }), 200);
  await read<FeedPage>(call("GET", `/v1/feed?limit=5&cursor=${cursor}`, { token: ada.reader }), 200);
  const problem = await problemOf(call("GET", `/v1/feed?limit=5&cursor=${cursor}`, { token: bob.reader }), 400);
  expect(problem.detail).toBe("This cursor is another user's: ask for a first page.");
});

test("limits, regions and cursors that are none are refused with a sentence", async () => {
  for (const query of [
    "limit=0",
    "limit=101",
    "limit=x",
    "region=moon",
    "cursor=x",
    "user=nobody",
    `cursor=${"x".repeat(7_000)}`,
  ]) {
    await problemOf(call("GET", `/v1/feed?${query}`), 400);
  }
});

test("an event id counts once, also within a batch, and unknown pins are told", async () => {
  const { writer: token, id } = await person("events-ada");
  const unknown = newPinId(id, { now: 5, random: 0.5 });
  const [one, other] = [event(0), event(1, "click")];
  const events = [one, other, one, { ...event(0), pinId: unknown }];
  expect(await read<EventReceipt>(call("POST", "/v1/events", { token, json: { events } }), 202)).toEqual({
    accepted: 2,
    duplicates: 1,
    unknownPins: [unknown],
  });
  const again = await read<EventReceipt>(call("POST", "/v1/events", { token, json: { events: [one, other] } }), 202);
  expect(again).toEqual({ accepted: 0, duplicates: 2, unknownPins: [] });
});

test("two users may choose the same event id", async () => {
  const [ada, bob] = [await person("same-ada"), await person("same-bob")];
  const events = [event(3)];
  for (const { writer: token } of [ada, bob]) {
    expect(await read<EventReceipt>(call("POST", "/v1/events", { token, json: { events } }), 202)).toMatchObject({
      accepted: 1,
    });
  }
});

test("a pin on a secret board of others is as unknown as none", async () => {
  const { writer: token } = await person("secret-reader");
  const pin = catalogue.pins[5];
  await bindings.DB_0.prepare("UPDATE boards SET visibility = 'secret' WHERE id = ?").bind(pin?.boardId).run();
  const receipt = await read<EventReceipt>(call("POST", "/v1/events", { token, json: { events: [event(5)] } }), 202);
  await bindings.DB_0.prepare("UPDATE boards SET visibility = 'public'").run();
  expect(receipt).toEqual({ accepted: 0, duplicates: 0, unknownPins: [pin?.id] });
});

test("events are for writers, and for services that name a user; a batch is bounded", async () => {
  const { id, writer: token } = await person("scopes-ada");
  const json = { events: [event(0)] };
  await problemOf(call("POST", "/v1/events", { json }), 401);
  await problemOf(call("POST", "/v1/events", { json, token: await tokenOf(id, "reader") }), 403);
  const service = await tokenOf(undefined, "service");
  await problemOf(call("POST", "/v1/events", { json, token: service }), 400);
  await read(call("POST", "/v1/events", { json: { ...json, userId: id }, token: service }), 202);
  const tooMany = Array.from({ length: limits.maxEventsPerRequest + 1 }, () => event(0));
  await problemOf(call("POST", "/v1/events", { json: { events: tooMany }, token }), 400);
  const padded = `${JSON.stringify(json)}${" ".repeat(limits.maxEventsBytes)}`;
  const headers = { "content-type": "application/json" };
  await problemOf(call("POST", "/v1/events", { body: padded, headers, token }), 413);
});
