import type { Board, FeedPage, PinId, RelatedPins } from "@vitrine/contracts";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { servicesOf } from "../adapters/services.ts";
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
  vi.useRealTimers();
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

describe("a scroll", () => {
  type Asked = Parameters<typeof related>;
  const scroll = async (...[id, query = "", token]: Asked): Promise<PinId[][]> => {
    const pages: PinId[][] = [];
    // A list has 120 pins at most: a scroll that repeats itself ends all the same, and is seen.
    for (let cursor: string | null | undefined; cursor !== null && pages.length <= 120; ) {
      const page: RelatedPins = await related(id, `${query}${cursor ? `&cursor=${cursor}` : ""}`, token);
      pages.push(order(page));
      cursor = page.cursor;
    }
    return pages;
  };

  test("shows what one long page does, in its order, each pin once", async () => {
    const [lamp] = idsOf("lamps").slice(5) as [PinId];
    const whole = await related(lamp, "&limit=100");
    expect(whole).toMatchObject({ cursor: null, degraded: [] });
    expect(whole.items.length).toBeGreaterThan(20);
    for (const limit of [1, 7, whole.items.length - 1, whole.items.length]) {
      const pages = await scroll(lamp, `&limit=${limit}`);
      expect(pages.flat()).toEqual(order(whole));
      expect(pages.slice(0, -1).every(({ length }) => length === limit)).toBe(true);
      expect(pages.at(-1)?.length).toBeGreaterThan(0);
    }
    expect((await scroll(lamp, "&limit=9", reader.reader)).flat()).toEqual(order(whole));
  });

  test("repeats no pin when what is related is found anew in between, and goes on with what is new", async () => {
    const [seed, ...others] = (await words(7)) as [PinId, ...PinId[]];
    const late = others.pop() as PinId;
    for (const [i, other] of others.entries()) {
      for (let times = 0; times <= others.length - i; times++) await holding([seed, other]);
    }
    const first = await related(seed, "&limit=3");
    expect(order(first)).toEqual(others.slice(0, 3));
    for (let times = 0; times < 12; times++) await holding([seed, late]);
    // Kept for ten minutes, then found anew behind an answer.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11 * 60_000 });
    await related(seed);
    expect(order(await related(seed))[0]).toBe(late);
    const next = await related(seed, `&limit=10&cursor=${first.cursor}`);
    expect(order(next)).toEqual([late, ...others.slice(3)]);
    expect(next.cursor).toBeNull();
  });

  test("leaves out what its viewer saves on the way", async () => {
    const { reader: token, writer } = await person("related-scroller");
    const [cake] = idsOf("cakes").slice(4) as [PinId];
    const first = await related(cake, "&limit=5", token);
    const whole = order(await related(cake, "&limit=100", token));
    await read(call("POST", "/v1/saves?region=weur", { token: writer, json: { pinId: whole[6] } }), 201);
    const next = await related(cake, `&limit=5&cursor=${first.cursor}`, token);
    expect(order(next)).toEqual([whole[5], ...whole.slice(7, 11)]);
  });

  test("goes on only where it began: a cursor of other people, pins, boards, regions or of the feed is refused", async () => {
    const [hat, other] = idsOf("hats").slice(4) as [PinId, PinId];
    const shelf = await holding([other]);
    const { cursor } = await related(hat, "&limit=2");
    const own = await related(hat, "&limit=2", reader.reader);
    const feed = await read<FeedPage>(call("GET", "/v1/feed?limit=2&region=weur"), 200);
    if (!cursor || !own.cursor || !feed.cursor) throw new Error("there is more of each");
    const refused = async (path: string, token?: string) => {
      const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
      return (await problemOf(ask(path, headers), 400)).detail;
    };
    const at = (id: PinId, text: string) => `/v1/pins/${id}/related?cursor=${text}`;
    expect(await refused(at(hat, cursor), reader.reader)).toContain("another user's");
    expect(await refused(at(hat, own.cursor))).toContain("another user's");
    expect(await refused(at(other, cursor))).toContain("another pin or board");
    expect(await refused(`${at(hat, cursor)}&boardId=${shelf.id}`)).toContain("another pin or board");
    expect(await refused(`${at(hat, cursor)}&region=oc`)).toContain("another region");
    expect(await refused(at(hat, feed.cursor))).toContain("exactly as the last page gave it");
    expect(await refused(`/v1/feed?cursor=${cursor}`)).toContain("exactly as the last page gave it");
    for (const forged of ["x", "a.b", "🙂", `${cursor}x.y`, `${cursor.slice(0, 9)}A${cursor.slice(10)}`, "e30.e30"]) {
      expect(await refused(at(hat, encodeURIComponent(forged)))).toContain("exactly as the last page gave it");
    }
    await problemOf(ask(at(hat, "x".repeat(7_000))), 400);
    // Without a region the cursor's own counts; a day later it has expired.
    expect((await read<RelatedPins>(ask(at(hat, cursor)), 200)).items.length).toBeGreaterThan(0);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 24 * 3_600_000 });
    expect(await refused(at(hat, cursor))).toContain("expired");
  });

  test("ends after the first page where the deployment has no key to sign with, and says so", async () => {
    const [shoe] = idsOf("shoes").slice(8) as [PinId];
    const { cursor } = await related(shoe, "&limit=2");
    const { settings } = realServices();
    replaced = { settings: { ...settings, signingKey: undefined } as Services["settings"] };
    expect(await related(shoe, "&limit=2")).toMatchObject({ cursor: null, degraded: ["cursor"] });
    await problemOf(ask(`/v1/pins/${shoe}/related?cursor=${cursor}`), 501);
  });
});

function realServices(): Services {
  return servicesOf(bindings, { waitUntil: () => undefined } as never, new Request("http://edge/"));
}
