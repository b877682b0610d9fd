import type { Board, PinId, RelatedPins } from "@vitrine/contracts";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Services } from "../context.ts";
import { board, call, type Person, person, pinOfWords, problemOf, read, tokenOf } from "../testing/api.ts";
import { bindings, type Catalogue, drawCatalogue } from "../testing/catalogue.ts";
import { edgeWith } from "../testing/isolate.ts";

let catalogue: Catalogue;
let reader: Person;
let people = 0;
let replaced: Partial<Services> = {};

const ask = edgeWith(() => ({ visualIndex: catalogue.index, ...replaced }));

beforeAll(async () => {
  catalogue = await drawCatalogue(bindings, ["shoes", "hats", "lamps", "cakes"], { pinsPerStyle: 15 });
  reader = await person("related-reader");
});

beforeEach(() => {
  replaced = {};
  catalogue.index.isDown = false;
});

async function related(id: string, query = "", token?: string): Promise<RelatedPins> {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return read<RelatedPins>(ask(`/v1/pins/${id}/related?region=weur${query}`, headers), 200);
}

const idsOf = (style: string) => catalogue.pins.filter((pin) => pin.style === style).map(({ id }) => id);
const styleOf = (id: PinId) => catalogue.pins.find((pin) => pin.id === id)?.style;
const order = ({ items }: RelatedPins) => items.map(({ pin }) => pin.id);

/** A new user's board that holds the pins. */
async function holding(pinIds: readonly PinId[], visibility: Board["visibility"] = "public"): Promise<Board> {
  const owner = await person(`related-${++people}`);
  const home = await board(owner, visibility);
  for (const pinId of pinIds) {
    await read(call("POST", "/v1/saves", { token: owner.writer, json: { pinId, boardId: home.id } }), 201);
  }
  return home;
}

/** Pins of words, each on a board of its own: nothing but saves can relate them. */
async function words(count: number): Promise<PinId[]> {
  const owner = await person(`related-${++people}`);
  const ids: PinId[] = [];
  for (let i = 0; i < count; i++) ids.push((await pinOfWords(owner, await board(owner), `Words ${i}`)).id);
  return ids;
}

test("a pin that nobody saved is related to what looks like it", async () => {
  const [lamp] = idsOf("lamps") as [PinId];
  const { items, degraded } = await related(lamp, "&limit=10");
  expect(degraded).toEqual([]);
  expect(items.map(({ pin }) => styleOf(pin.id))).toEqual(Array(10).fill("lamps"));
  expect(items.every(({ reason }) => reason === "interest")).toBe(true);
  expect(items.map(({ pin }) => pin.id)).not.toContain(lamp);
});

test("what many keep together is related, most often together first, and says so", async () => {
  const [seed, often, once, never] = (await words(4)) as [PinId, PinId, PinId, PinId];
  for (let i = 0; i < 4; i++) await holding([seed, often]);
  await holding([seed, once]);
  await holding([never]);
  const { items } = await related(seed);
  expect(items.slice(0, 2)).toMatchObject([
    { pin: { id: often, renditions: null }, reason: "neighbours" },
    { pin: { id: once }, reason: "neighbours" },
  ]);
  expect(items.map(({ pin }) => pin.id)).not.toContain(never);
});

test("a pin with few neighbours gets theirs", async () => {
  const [seed, next, beyond] = (await words(3)) as [PinId, PinId, PinId];
  await holding([seed, next]);
  await holding([next, beyond]);
  const found = order(await related(seed));
  expect(found.slice(0, 2)).toEqual([next, beyond]);
});

test("a secret board is no way from one pin to another, not even for its owner, and no secret pin is related", async () => {
  const [seed, hidden, open] = (await words(3)) as [PinId, PinId, PinId];
  const secret = await holding([seed, hidden], "secret");
  await holding([seed, open]);
  const owner = await tokenOf(secret.ownerId, "reader");
  for (const token of [undefined, owner]) expect(order(await related(seed, "", token))).not.toContain(hidden);
  const keeper = await person("related-keeper");
  const own = await pinOfWords(keeper, await board(keeper, "secret"));
  const shelf = await board(keeper);
  for (const pinId of [seed, own.id]) {
    await read(call("POST", "/v1/saves", { token: keeper.writer, json: { pinId, boardId: shelf.id } }), 201);
  }
  const [other] = (await words(1)) as [PinId];
  await holding([seed, other]);
  const found = JSON.stringify([await related(seed, `&boardId=${shelf.id}`), await related(open)]);
  expect(found).not.toContain(own.id);
  expect(found).not.toContain(hidden);
  await problemOf(ask(`/v1/pins/${own.id}/related`), 404);
  await problemOf(ask(`/v1/pins/${seed}/related?boardId=${secret.id}`), 404);
  await related(seed, `&boardId=${secret.id}`, owner);
});

test("a board leads to what suits it, and what is on it is left out", async () => {
  const [seed, kept, onBoard, suits] = (await words(4)) as [PinId, PinId, PinId, PinId];
  await holding([seed, kept]);
  await holding([onBoard, suits]);
  const shelf = await holding([onBoard, kept]);
  const [without, within] = [order(await related(seed)), order(await related(seed, `&boardId=${shelf.id}`))];
  expect(without).toEqual([kept, onBoard]);
  expect(within).toEqual([suits]);
});

test("what the viewer has, hid or blocked is taken out of what all share", async () => {
  const viewer = await person("related-viewer");
  const [seed, saved, hidden, left] = (await words(4)) as [PinId, PinId, PinId, PinId];
  const blocked = await person("related-blocked");
  const theirs = await pinOfWords(blocked, await board(blocked));
  await holding([seed, saved, hidden, left, theirs.id]);
  expect(new Set(order(await related(seed)))).toEqual(new Set([saved, hidden, left, theirs.id]));
  const { writer: token } = viewer;
  await read(call("POST", "/v1/saves?region=weur", { token, json: { pinId: saved } }), 201);
  const events = [{ id: "related-hide", type: "hide", pinId: hidden }];
  await read(call("POST", "/v1/events", { token, json: { events } }), 202);
  await read(call("PUT", `/v1/users/${blocked.id}/block`, { token }), 201);
  const { items } = await read<RelatedPins>(
    ask(`/v1/pins/${seed}/related`, { authorization: `Bearer ${viewer.reader}` }),
    200,
  );
  expect(items.map(({ pin }) => pin.id)).toEqual([left]);
});

test("what was deleted is gone at once, though what is kept still holds it", async () => {
  const [seed, gone] = (await words(2)) as [PinId, PinId];
  const home = await holding([seed, gone]);
  expect(order(await read<RelatedPins>(ask(`/v1/pins/${seed}/related`), 200))).toEqual([gone]);
  const service = await tokenOf(undefined, "service");
  const creator = await bindings.DB_0.prepare("SELECT user_id AS id FROM pins WHERE id = ?").bind(gone).first();
  await read(call("DELETE", `/v1/pins/${gone}?user=${creator?.id}`, { token: service }), 204);
  expect(order(await read<RelatedPins>(ask(`/v1/pins/${seed}/related`), 200))).toEqual([]);
  await problemOf(ask(`/v1/pins/${gone}/related`), 404);
  expect(home.visibility).toBe("public");
});

test("the second who asks is answered from what the first one's question left", async () => {
  const [cake] = idsOf("cakes") as [PinId];
  const first = await ask(`/v1/pins/${cake}/related`);
  expect(first.headers.get("server-timing")).toContain('tier;desc="origin"');
  const before = catalogue.index.queries;
  const second = await ask(`/v1/pins/${cake}/related`, { authorization: `Bearer ${reader.reader}` });
  expect(second.headers.get("server-timing")).toContain('tier;desc="memory"');
  expect(catalogue.index.queries).toBe(before);
});

test("without the index there is the walk, and without the database what is kept; each is told", async () => {
  const [shoe, other] = idsOf("shoes").slice(3) as [PinId, PinId];
  for (let i = 0; i < 3; i++) await holding([shoe, other]);
  catalogue.index.isDown = true;
  const walked = await related(shoe);
  expect(walked.degraded).toEqual(["visual"]);
  expect(order(walked)[0]).toBe(other);

  const [warm, cold] = idsOf("hats") as [PinId, PinId];
  catalogue.index.isDown = false;
  await related(warm);
  const down = (name: string) => () => Promise.reject(new Error(`${name} is down`));
  const silent = { all: down("D1"), get: down("D1"), run: down("D1"), batch: down("D1") };
  const refuse = down("KV");
  replaced = {
    databases: { forId: () => silent, forHandle: () => silent, forHash: () => silent, all: () => [silent] } as never,
    kv: { get: refuse, put: refuse } as never,
    regionStore: () => ({ recent: down("the store") }) as never,
    visualIndex: { query: down("the index") } as never,
  };
  const kept = await related(warm, "", reader.reader);
  expect(kept.items.length).toBeGreaterThan(5);
  expect(kept.degraded).toContain("recent-actions");
  expect(await related(cold)).toMatchObject({ items: [], degraded: expect.arrayContaining(["pin", "related"]) });
});

test("limits and ids that are none are refused, pins that are none are not found", async () => {
  const [pin] = idsOf("shoes") as [PinId];
  for (const query of ["limit=0", "limit=101", "boardId=x", "region=moon"]) {
    await problemOf(ask(`/v1/pins/${pin}/related?${query}`), 400);
  }
  await problemOf(ask("/v1/pins/nothing/related"), 400);
  await problemOf(ask("/v1/pins/pin_01j9zq4k3m8x7c2v5b/related"), 404);
});
