import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { type FeedPage, limits, newUserId, type PinId, type Region, type UserId } from "@vitrine/contracts";
import { encodeUserEmbedding, hashOfId, userEmbeddingKey, userEmbeddingOf } from "@vitrine/ranking";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { recordActions, tellOfChange } from "../activity.ts";
import { servicesOf } from "../adapters/services.ts";
import type { Services } from "../context.ts";
import { bindings, type Catalogue, drawCatalogue } from "../testing/catalogue.ts";
import { savesOf } from "../testing/saves.ts";
import { type Calls, noCalls, serverTiming } from "./calls.ts";
import { type FeedRequest, feedPage } from "./feed-page.ts";

const styles = ["shoes", "dresses", "hats", "coats", "lamps", "plants", "cars", "cakes", "birds", "boats"] as const;
let catalogue: Catalogue;
let userCount = 0;

beforeAll(async () => {
  catalogue = await drawCatalogue(bindings, styles, { pinsPerStyle: 40 });
});

beforeEach(() => {
  catalogue.index.isDown = false;
});

const newUser = () => newUserId(`reader-${++userCount}`, { now: Date.now(), random: 0.5 });

/** One request, with its deferred work done before the answer is looked at. */
async function ask(
  request: Partial<FeedRequest>,
  overrides: Partial<Services> = {},
): Promise<{ page: FeedPage; calls: Calls }> {
  const context = createExecutionContext();
  const services = { ...servicesFor(context), ...overrides };
  const calls = noCalls();
  const page = await feedPage(
    services,
    { userId: null, region: null, limit: 25, cursor: undefined, ...request },
    calls,
  );
  await waitOnExecutionContext(context);
  return { page, calls };
}

function servicesFor(context: Pick<ExecutionContext, "waitUntil">): Services {
  return { ...servicesOf(bindings, context, new Request("http://edge/")), visualIndex: catalogue.index };
}

const anyServices = () => servicesFor({ waitUntil: () => undefined });

const unknownUser = () => userEmbeddingOf({ owned: [], actions: [], knownPins: [], follows: [], blocked: [] }, 0, null);

const pinsOf = (style: string) => catalogue.pins.filter((pin) => pin.style === style);
const styleOf = (id: PinId) => catalogue.pins.find((pin) => pin.id === id)?.style;
const shareOf = (style: string, { items }: FeedPage, first = 20) =>
  items.slice(0, first).filter(({ pin }) => styleOf(pin.id) === style).length / first;

const save = (userId: UserId, region: Region, pins: readonly { id: PinId }[]) =>
  recordActions(anyServices(), userId, region, savesOf(userId, pins));

test("a second user of like taste is answered from the fragments of the region, and another region is not", async () => {
  const [first, second, elsewhere] = [newUser(), newUser(), newUser()];
  await save(first, "weur", pinsOf("shoes").slice(0, 20));
  await save(second, "weur", pinsOf("shoes").slice(20, 40));
  await save(elsewhere, "apac", pinsOf("shoes").slice(10, 30));

  const cold = await ask({ userId: first, region: "weur" });
  expect(cold.calls.index).toBeGreaterThan(0);
  expect(cold.calls.d1).toBeGreaterThan(0);

  // Ingest has made it by now; what is newer is in the region's store.
  await bindings.KV.put(userEmbeddingKey(second), encodeUserEmbedding(unknownUser()));
  const before = catalogue.index.queries;
  const warm = await ask({ userId: second, region: "weur" });
  expect(catalogue.index.queries).toBe(before);
  expect(warm.calls).toMatchObject({ index: 0, d1: 0 });
  expect(serverTiming(warm.calls, 3)).toMatch(
    /index;desc="0 calls", d1;desc="0 calls", fragments;desc="\d+ hit, 0 miss"/,
  );
  expect(shareOf("shoes", warm.page)).toBeGreaterThan(0.4);
  expect(warm.page.degraded).toEqual([]);

  await ask({ userId: elsewhere, region: "apac" });
  expect(catalogue.index.queries).toBeGreaterThan(before);
});

test("users of different tastes get different feeds, each of the own style, and none of what they have", async () => {
  const [shoes, dresses] = [newUser(), newUser()];
  await save(shoes, "weur", pinsOf("shoes").slice(0, 10));
  await save(dresses, "weur", pinsOf("dresses").slice(0, 10));
  const ofShoes = await ask({ userId: shoes, region: "weur" });
  const ofDresses = await ask({ userId: dresses, region: "weur" });
  expect(shareOf("shoes", ofShoes.page)).toBeGreaterThan(0.4);
  expect(shareOf("dresses", ofDresses.page)).toBeGreaterThan(0.4);
  const saved = new Set(
    pinsOf("shoes")
      .slice(0, 10)
      .map(({ id }) => id),
  );
  expect(ofShoes.page.items.filter(({ pin }) => saved.has(pin.id))).toEqual([]);
});

test("one save changes the very next feed", async () => {
  const user = newUser();
  await save(user, "weur", pinsOf("shoes").slice(0, 10));
  const before = await ask({ userId: user, region: "weur" });
  expect(shareOf("birds", before.page)).toBeLessThan(0.15);
  await save(user, "weur", pinsOf("birds").slice(0, 1));
  const after = await ask({ userId: user, region: "weur" });
  expect(shareOf("birds", after.page)).toBeGreaterThan(0.2);
  expect(after.page.items.map(({ pin }) => pin.id)).not.toContain(pinsOf("birds")[0]?.id);
});

test("without saves, and without a token, a feed is what is trending and fresh", async () => {
  for (const userId of [newUser(), null]) {
    const { page } = await ask({ userId, region: "weur" });
    expect(page.items).toHaveLength(25);
    expect(page.items.filter(({ reason }) => reason !== "trending" && reason !== "fresh")).toEqual([]);
    expect(new Set(page.items.map(({ pin }) => styleOf(pin.id))).size).toBeGreaterThan(5);
  }
});

test("the user embedding in KV is the taste of who was never here, and holds what is not to be shown again", async () => {
  const user = newUser();
  const [liked, saved] = pinsOf("lamps");
  if (!liked || !saved) throw new Error("there are lamps");
  const embedding = encodeUserEmbedding({
    through: Date.now(),
    clusters: [{ embedding: liked.embedding, weight: 1 }],
    follows: [],
    blocked: [],
    knownPins: new Set([hashOfId(saved.id)]),
    owned: [],
    collaborative: null,
  });
  await bindings.KV.put(userEmbeddingKey(user), embedding);
  const { page } = await ask({ userId: user, region: "oc", limit: 50 });
  expect(shareOf("lamps", page)).toBeGreaterThan(0.4);
  expect(page.items.map(({ pin }) => pin.id)).not.toContain(saved.id);
});

test("a scroll never repeats a pin, widens, and ends with all of a small catalogue shown", async () => {
  const user = newUser();
  await save(user, "weur", pinsOf("shoes").slice(0, 5));
  const seen: PinId[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const { page }: { page: FeedPage } = await ask({ userId: user, region: "weur", limit: 50, cursor });
    expect(page.cursor?.length ?? 0).toBeLessThan(limits.maxCursorCharacters);
    seen.push(...page.items.map(({ pin }) => pin.id));
    cursor = page.cursor;
  }
  expect(new Set(seen).size).toBe(seen.length);
  // Of 400 pins five are saved; the rest is reached though the first page opens a few interests alone.
  expect(seen.length).toBe(395);
});

test("the same state makes the same page", async () => {
  const user = newUser();
  await save(user, "weur", pinsOf("hats").slice(0, 3));
  const pages = [await ask({ userId: user, region: "weur" }), await ask({ userId: user, region: "weur" })];
  const ids = pages.map(({ page }) => page.items.map(({ pin }) => pin.id));
  expect(ids[0]).toEqual(ids[1]);
});

test("what is buried leaves the next feed, restored it is back, and a hidden pin stays away", async () => {
  const user = newUser();
  await save(user, "eeur", pinsOf("cakes").slice(0, 5));
  const [first, second] = (await ask({ userId: user, region: "eeur" })).page.items.map(({ pin }) => pin);
  if (!first || !second) throw new Error("the feed has two pins");
  const store = anyServices().regionStore("eeur");
  await store.bury([first.id]);
  await recordActions(anyServices(), user, "eeur", [
    { id: `hide.${user}`, pinId: second.id, type: "hide", occurredAt: Date.now() },
  ]);
  const without = (await ask({ userId: user, region: "eeur" })).page.items.map(({ pin }) => pin.id);
  expect(without).not.toContain(first.id);
  expect(without).not.toContain(second.id);
  await store.restore([first.id]);
  expect((await ask({ userId: user, region: "eeur" })).page.items.map(({ pin }) => pin.id)).toContain(first.id);
});

test("whom one follows is in the next feed, and gone from it after unfollowing", async () => {
  const user = newUser();
  const [followed] = catalogue.creators;
  if (!followed) throw new Error("there are creators");
  const reasons = async () => (await ask({ userId: user, region: "sam" })).page.items.map(({ reason }) => reason);
  expect(await reasons()).not.toContain("followed");
  const follow = { relation: "follow", targetId: followed, holds: true, at: Date.now() } as const;
  await tellOfChange(anyServices(), user, { region: "sam", change: follow });
  expect(await reasons()).toContain("followed");
  await tellOfChange(anyServices(), user, { region: "sam", change: { ...follow, holds: false, at: Date.now() } });
  expect(await reasons()).not.toContain("followed");
});

test("pins of whom one blocks are not in the next page, here at once and elsewhere by the user embedding", async () => {
  const user = newUser();
  const creators = async (region: Region, cursor?: string, userId = user) => {
    const { page } = await ask({ userId, region, limit: 100, cursor });
    return { page, creators: new Set(page.items.map(({ pin }) => pin.userId)) };
  };
  const first = await creators("wnam");
  const [here, elsewhere] = first.creators;
  if (!here || !elsewhere || !first.page.cursor) throw new Error("there are creators and a second page");
  const change = { relation: "block", targetId: here, holds: true, at: Date.now() } as const;
  await tellOfChange(anyServices(), user, { region: "wnam", change });
  const second = await creators("wnam", first.page.cursor);
  expect(second.creators.size).toBeGreaterThan(0);
  expect(second.creators).not.toContain(here);
  expect((await creators("apac")).creators).toContain(here);

  const embedding = { ...unknownUser(), blocked: [elsewhere] };
  const other = newUser();
  await bindings.KV.put(userEmbeddingKey(other), encodeUserEmbedding(embedding));
  const remade = await creators("oc", undefined, other);
  expect(remade.creators).toContain(here);
  expect(remade.creators).not.toContain(elsewhere);
});

test("a cursor that was changed, or is another user's, or of another region, is refused", async () => {
  const user = newUser();
  const { cursor } = (await ask({ userId: user, region: "weur" })).page;
  if (!cursor) throw new Error("there is a second page");
  const changed = `${cursor.slice(0, 20)}${cursor[20] === "A" ? "B" : "A"}${cursor.slice(21)}`;
  for (const request of [
    { userId: user, cursor: changed },
    { userId: user, cursor: "no cursor" },
    { userId: newUser(), cursor },
    { userId: null, cursor },
    { userId: user, cursor, region: "oc" as const },
  ]) {
    await expect(ask(request)).rejects.toMatchObject({ code: "invalid-request" });
  }
});

test("any dependency may fail: the page is made of what is left and names what is not", async () => {
  const user = newUser();
  await save(user, "me", pinsOf("shoes").slice(0, 5));
  const fail = () => Promise.reject(new Error("down"));
  const { databases, regionStore } = anyServices();
  const kvDown = { get: fail, put: fail, delete: fail } as unknown as KVNamespace;
  const coloDown = { match: fail, put: fail, delete: fail };
  const storeDown: Services["regionStore"] = (region) => ({ ...regionStore(region), recent: fail });
  const d1Down = { ...databases, forId: () => fail() as never, all: () => [{ all: fail }] as never };

  // Cold, with the index down: trending and fresh are left.
  catalogue.index.isDown = true;
  const withoutIndex = await ask({ userId: user, region: "me" });
  expect(withoutIndex.page.items.length).toBe(25);
  expect(withoutIndex.page.degraded).toEqual(["interest"]);

  catalogue.index.isDown = false;
  await ask({ userId: user, region: "me" });
  const warmed = await ask({ userId: user, region: "me" }, { databases: d1Down });
  expect(warmed.page).toMatchObject({ degraded: [] });
  expect(warmed.page.items).toHaveLength(25);

  const withoutKv = await ask({ userId: user, region: "me" }, { kv: kvDown, colo: coloDown });
  expect(withoutKv.page.items).toHaveLength(25);
  // That there is no model is not known for long; the embedding is in memory, and of another user it is not.
  expect(withoutKv.page.degraded.filter((name) => name !== "model")).toEqual([]);
  const unseen = await ask({ userId: newUser(), region: "me" }, { kv: kvDown, colo: coloDown });
  expect(unseen.page.items).toHaveLength(25);
  expect(unseen.page.degraded).toContain("user-embedding");

  const withoutStore = await ask({ userId: user, region: "me" }, { regionStore: storeDown });
  expect(withoutStore.page.items).toHaveLength(25);
  expect(withoutStore.page.degraded).toEqual(["recent-actions"]);

  // Cold and all down: still an answer.
  const nothing = { databases: d1Down, kv: kvDown, colo: coloDown, regionStore: storeDown };
  const withoutAll = await ask({ userId: user, region: "afr" }, nothing);
  expect(withoutAll.page).toMatchObject({ items: [], cursor: null });
  expect(withoutAll.page.degraded).toEqual(expect.arrayContaining(["recent-actions", "trending", "fresh"]));
});

test("after an unsave the very next feed looks as for who never saved the pins, and may show them again", async () => {
  const [never, once] = [newUser(), newUser()];
  const birds = pinsOf("birds").slice(0, 2);
  const kept = pinsOf("shoes").slice(0, 2);
  const load = bindings.DB_0.prepare("INSERT INTO saves (user_id, pin_id, board_id, created_at) VALUES (?, ?, ?, ?)");
  const now = Date.now() - 3_600_000;
  await bindings.DB_0.batch([
    ...kept.flatMap(({ id, boardId }, i) => [never, once].map((user) => load.bind(user, id, boardId, now - i))),
    ...birds.map(({ id, boardId }) => load.bind(once, id, boardId, now)),
  ]);
  const region = "weur";
  const firstOf = ({ items }: FeedPage) => items.slice(0, 20).map(({ pin }) => pin.id);
  for (let pages = 0; pages < 3; pages++) for (const userId of [never, once]) await ask({ userId, region });
  const { page: like } = await ask({ userId: never, region });
  const { page: before } = await ask({ userId: once, region });
  expect(shareOf("birds", before)).toBeGreaterThan(0.1);
  for (const { id: pinId } of birds) {
    await tellOfChange(anyServices(), once, { region, change: { pinId, type: "save", at: Date.now() } });
  }
  const { page: after } = await ask({ userId: once, region });
  expect(firstOf(after)).toEqual(firstOf(like));
  const shown: PinId[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { page }: { page: FeedPage } = await ask({ userId: once, region, limit: 100, cursor });
    shown.push(...page.items.map(({ pin }) => pin.id));
    cursor = page.cursor;
  }
  expect(shown).toEqual(expect.arrayContaining(birds.map(({ id }) => id)));
});
