import { limits, newPinId, type PinId, type RankedPins } from "@vitrine/contracts";
import { hashOfId } from "@vitrine/ranking";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { servicesOf } from "../adapters/services.ts";
import type { Services } from "../context.ts";
import { board, call, type Person, person, pinOfWords, problemOf, read, tokenOf } from "../testing/api.ts";
import { bindings, type Catalogue, drawCatalogue } from "../testing/catalogue.ts";
import { edgeWith } from "../testing/isolate.ts";

const styles = ["shoes", "hats", "lamps"];
let catalogue: Catalogue;
let reader: Person;
let queries = 0;
let replaced: Partial<Services> = {};

const ask = edgeWith((real) => ({ ...replaced, databases: replaced.databases ?? counted(real.databases) }));

/** Counts the queries, and answers none of them while `isDown`. */
function counted(databases: Services["databases"], isDown = false): Services["databases"] {
  const watched = (database: ReturnType<Services["databases"]["forId"]>) =>
    new Proxy(database, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name !== "all" || typeof value !== "function") return value;
        return (...query: unknown[]) => {
          queries += 1;
          return isDown ? Promise.reject(new Error("D1_ERROR: no answer")) : value.apply(target, query);
        };
      },
    });
  return { ...databases, forId: (id) => same(databases.forId(id), watched), all: () => databases.all().map(watched) };
}

const proxies = new WeakMap<object, object>();
function same<T extends object>(target: T, make: (target: T) => T): T {
  const known = (proxies.get(target) as T | undefined) ?? make(target);
  proxies.set(target, known);
  return known;
}

async function rank(pinIds: readonly string[], body: object = {}, token = reader.reader) {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const init = { method: "POST", body: JSON.stringify({ pinIds, ...body }) };
  return read<RankedPins>(ask("/v1/rank?region=weur", headers, init), 200);
}

const idsOf = (style: string) => catalogue.pins.filter((pin) => pin.style === style).map(({ id }) => id);
const order = ({ items }: RankedPins) => items.map(({ pinId }) => pinId);
const nobody = (i: number) => newPinId(reader.id, { now: 77, random: i / 1_000 });

beforeAll(async () => {
  catalogue = await drawCatalogue(bindings, styles, { pinsPerStyle: 20 });
  reader = await person("rank-reader");
});

beforeEach(() => {
  queries = 0;
  replaced = {};
  vi.useRealTimers();
});

async function save(who: Person, pinIds: readonly PinId[]): Promise<void> {
  for (const pinId of pinIds) await read(call("POST", "/v1/saves", { token: who.writer, json: { pinId } }), 201);
}

test("without a model, what looks like the user's saves comes first; whatever is asked together, scores are the same", async () => {
  const user = await person("rank-shoes");
  await save(user, idsOf("shoes").slice(0, 3));
  const [shoes, hats] = [idsOf("shoes").slice(3, 13), idsOf("hats").slice(0, 10)];
  // Saved in the region where the test is asked from.
  const json = { pinIds: [...hats, ...shoes] };
  const ranked = await read<RankedPins>(call("POST", "/v1/rank", { token: user.reader, json }), 200);
  expect(new Set(order(ranked).slice(0, 10))).toEqual(new Set(shoes));
  expect(ranked).toMatchObject({ unknownPins: [], model: null, degraded: [] });
  const alone = await read<RankedPins>(
    call("POST", "/v1/rank", { token: user.reader, json: { pinIds: [ranked.items[4]?.pinId] } }),
    200,
  );
  expect(alone.items).toHaveLength(1);
  expect(alone.items[0]?.score).toBeCloseTo(ranked.items[4]?.score ?? 0, 3);
});

test("without a user, the most saved come first, equals in an order that the request does not decide", async () => {
  const lamps = idsOf("lamps");
  const [most, second] = [lamps[7], lamps[3]] as [PinId, PinId];
  for (const handle of ["rank-a", "rank-b"]) await save(await person(handle), [most]);
  await save(await person("rank-a"), [second]);
  const token = await tokenOf(undefined, "service");
  const [one, other] = [await rank(lamps, {}, token), await rank(lamps.toReversed(), { limit: 5 }, token)];
  expect(order(one).slice(0, 2)).toEqual([most, second]);
  expect(order(other)).toEqual(order(one).slice(0, 5));
  expect(order(one).slice(2)).toEqual(lamps.filter((id) => id !== most && id !== second).sort(byHash));
});

const byHash = (a: string, b: string) => hashOfId(a) - hashOfId(b);

test("pins are asked for in one query, and then known; so is that there are none", async () => {
  const pinIds = [...idsOf("hats"), nobody(1), nobody(2)];
  const first = await rank(pinIds, {}, "");
  expect(first.unknownPins).toEqual([nobody(1), nobody(2)]);
  const asked = queries;
  expect(asked).toBeLessThanOrEqual(1);
  expect(await rank(pinIds, {}, "")).toEqual(first);
  expect(queries).toBe(asked);
});

test("pins of secret boards are unknown to all but their members, also from memory", async () => {
  const [owner, member, other] = [await person("rank-owner"), await person("rank-member"), await person("rank-other")];
  const secret = await board(owner, "secret");
  await read(call("PUT", `/v1/boards/${secret.id}/collaborators/${member.id}`, { token: owner.writer }), 200);
  const { id } = await pinOfWords(owner, secret);
  for (const token of [owner.reader, member.reader]) {
    expect(await rank([id], {}, token)).toMatchObject({ items: [{ pinId: id }], unknownPins: [] });
  }
  for (const token of [other.reader, ""]) {
    expect(await rank([id], {}, token)).toMatchObject({ items: [], unknownPins: [id] });
  }
});

test("what was deleted or turned secret is unknown at once in the region that was told", async () => {
  const owner = await person("rank-turncoat");
  const home = await board(owner);
  const [gone, hidden] = [await pinOfWords(owner, home), await pinOfWords(owner, await board(owner))];
  const inRegion = { token: reader.reader, json: { pinIds: [gone.id, hidden.id] } };
  const before = await read<RankedPins>(call("POST", "/v1/rank", inRegion), 200);
  expect(before.unknownPins).toEqual([]);
  await read(call("DELETE", `/v1/pins/${gone.id}`, { token: owner.writer }), 204);
  const secret = { token: owner.writer, json: { visibility: "secret" } };
  await read(call("PATCH", `/v1/boards/${hidden.boardId}`, secret), 200);
  const after = await read<RankedPins>(call("POST", "/v1/rank", inRegion), 200);
  expect(after).toMatchObject({ items: [], unknownPins: [gone.id, hidden.id] });
});

test("a region that was not told forgets a deleted pin within a minute", async () => {
  const [lost] = [newPinId(reader.id, { now: 99, random: 0.25 })];
  const home = await board(reader);
  await bindings.DB_0.prepare(
    "INSERT INTO pins (id, user_id, board_id, status, created_at, updated_at) VALUES (?, ?, ?, 'ready', 1, 1)",
  )
    .bind(lost, reader.id, home.id)
    .run();
  expect((await rank([lost])).unknownPins).toEqual([]);
  await bindings.DB_0.prepare("DELETE FROM pins WHERE id = ?").bind(lost).run();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
  expect((await rank([lost])).unknownPins).toEqual([lost]);
});

test("stale pins are answered at once and asked for behind the answer", async () => {
  const pinIds = idsOf("hats").slice(0, 5);
  await rank(pinIds, {}, "");
  await save(await person("rank-late"), pinIds.slice(0, 1));
  const now = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: now + 30_000 });
  queries = 0;
  const stale = await rank(pinIds, {}, "");
  expect(queries).toBe(1);
  const fresh = await rank(pinIds, {}, "");
  expect(queries).toBe(1);
  const scoreOf = ({ items }: RankedPins) => items.find(({ pinId }) => pinId === pinIds[0])?.score ?? 0;
  expect(scoreOf(fresh)).toBeGreaterThan(scoreOf(stale));
});

test("with the database down what is known is ranked, and the rest stands last as it was given", async () => {
  const [known, unknown] = [idsOf("shoes").slice(0, 6), [nobody(5), nobody(4), nobody(6)]];
  await rank(known);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 120_000 });
  const databases = counted(realServices().databases, true);
  replaced = { databases: { ...databases, forId: () => databases.all()[0] as never } };
  const ranked = await rank([...unknown, ...known]);
  expect(ranked.degraded).toContain("pins");
  expect(new Set(order(ranked).slice(0, 6))).toEqual(new Set(known));
  expect(order(ranked).slice(6)).toEqual(unknown);
  expect(ranked.items[6]?.score).toBeLessThanOrEqual(-10_000);
});

test("with everything down an order comes all the same, and says what is missing", async () => {
  const stranger = await person("rank-stranger"); // no isolate remembers anything of them
  const refuse = () => Promise.reject(new Error("down"));
  const databases = counted(realServices().databases, true);
  replaced = {
    databases: { ...databases, forId: () => databases.all()[0] as never },
    kv: { get: refuse, put: refuse } as never,
    regionStore: () => ({ recent: refuse }) as never,
  };
  const pinIds = [nobody(9), nobody(8)];
  const ranked = await rank(pinIds, {}, stranger.reader);
  expect(order(ranked)).toEqual(pinIds);
  expect(ranked.degraded).toEqual(expect.arrayContaining(["pins", "user-embedding", "recent-actions"]));
});

test("pins of a blocked user stand last", async () => {
  const blocker = await person("rank-blocker");
  const [blocked] = [catalogue.pins[0]];
  const creator = await bindings.DB_0.prepare("SELECT user_id AS id FROM pins WHERE id = ?").bind(blocked?.id).first();
  await bindings.DB_0.prepare("INSERT OR IGNORE INTO users (id, handle, name, created_at) VALUES (?, 'c', 'c', 1)")
    .bind(creator?.id)
    .run();
  await read(call("PUT", `/v1/users/${creator?.id}/block`, { token: blocker.writer }), 201);
  const pinIds = catalogue.pins.slice(0, 20).map(({ id }) => id);
  const { items } = await read<RankedPins>(call("POST", "/v1/rank", { token: blocker.reader, json: { pinIds } }), 200);
  expect(items.findIndex(({ pinId }) => pinId === blocked?.id)).toBeGreaterThan(pinIds.length - 5);
});

test("candidates are bounded, once each, and only a service ranks for others", async () => {
  const [one] = idsOf("shoes") as [PinId];
  expect(order(await rank([one, one]))).toEqual([one]);
  const json = { pinIds: [one], userId: reader.id };
  const other = await person("rank-nosy");
  await problemOf(call("POST", "/v1/rank", { token: other.reader, json }), 403);
  await problemOf(call("POST", "/v1/rank", { json }), 401);
  await read(call("POST", "/v1/rank", { token: await tokenOf(undefined, "service"), json }), 200);
  const many = Array.from({ length: limits.maxRankedPins + 1 }, (_, i) => nobody(i));
  for (const pinIds of [[], ["pin_x"], many]) await problemOf(call("POST", "/v1/rank", { json: { pinIds } }), 400);
  const padding = "x".repeat(limits.maxJsonBytes);
  await problemOf(call("POST", "/v1/rank", { json: { pinIds: [one], padding } }), 413);
});

function realServices(): Services {
  return servicesOf(bindings, { waitUntil: () => undefined } as never, new Request("http://edge/"));
}
