/** Black Friday: each dependency of a feed failing, hanging, and all of them together. */
import { createExecutionContext } from "cloudflare:test";
import { newUserId, type Region, type UserId } from "@vitrine/contracts";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { recordActions } from "../activity.ts";
import { openDatabases } from "../adapters/database.ts";
import { servicesOf } from "../adapters/services.ts";
import type { Services } from "../context.ts";
import { bindings, type Catalogue, drawCatalogue } from "../testing/catalogue.ts";
import { type DrawnModel, drawModel } from "../testing/drawn-model.ts";
import { databasePort, type Ending, inStillTime, port, stillTimers } from "../testing/still-time.ts";
import { noCalls } from "./calls.ts";
import { feedPage } from "./feed-page.ts";

const hour = 3_600_000;
let catalogue: Catalogue;
let model: DrawnModel;
let userCount = 0;

beforeAll(async () => {
  catalogue = await drawCatalogue(bindings, ["shoes", "hats", "lamps", "cars"], { pinsPerStyle: 50 });
  const now = Date.now();
  const save = bindings.DB_0.prepare(
    "INSERT INTO saves (user_id, pin_id, board_id, created_at) VALUES ('usr_x', ?, 'brd_x', ?)",
  );
  await bindings.DB_0.batch(catalogue.pins.slice(0, 60).map(({ id }) => save.bind(id, now)));
  model = await drawModel(bindings, services().databases, catalogue);
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: stillTimers, now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

function services(): Services {
  const real = servicesOf(bindings, createExecutionContext(), new Request("http://edge/"));
  return {
    ...real,
    databases: openDatabases(databasePort(bindings.DB_0)),
    kv: port(real.kv),
    colo: port(real.colo),
    visualIndex: catalogue.index,
    tasteIndex: model?.index ?? real.tasteIndex,
    regionStore: (region) => port(real.regionStore(region)),
  };
}

const endings = {
  failing: () => new Promise<never>((_, reject) => setTimeout(() => reject(new Error("down")), 1)),
  hanging: () => new Promise<never>(() => undefined),
} as const satisfies Record<string, Ending>;

function brokenD1(end: Ending): D1Database {
  const statement = { bind: () => statement, all: end, raw: end, run: end, first: end };
  return { prepare: () => statement, batch: end } as unknown as D1Database;
}

/** Each dependency as it is when it ends so. */
const dependencies = {
  index: (end) => ({
    visualIndex: { ...catalogue.index, query: end } as Services["visualIndex"],
    tasteIndex: { ...model.index, query: end } as Services["tasteIndex"],
  }),
  d1: (end) => ({ databases: openDatabases(brokenD1(end)) }),
  kv: (end) => ({ kv: { get: end, put: end, delete: end } as unknown as KVNamespace }),
  store: (end) => ({ regionStore: (region) => ({ ...services().regionStore(region), recent: end }) }),
  colo: (end) => ({ colo: { match: end, put: end, delete: end } }),
} as const satisfies Record<string, (end: Ending) => Partial<Services>>;

const all = (end: Ending): Partial<Services> =>
  Object.assign({}, ...Object.values(dependencies).map((dependency) => dependency(end)));

function asking(region: Region, userId: UserId | null, overrides: Partial<Services> = {}) {
  return feedPage({ ...services(), ...overrides }, { userId, region, limit: 25, cursor: undefined }, noCalls());
}

async function untilAnswered<T>(pages: Promise<T>): Promise<T> {
  return (await inStillTime(pages, 20_000)).answer;
}

const ask = (...given: Parameters<typeof asking>) => untilAnswered(asking(...given));

async function lover(region: Region): Promise<UserId> {
  const user = newUserId(`weathered-${++userCount}`, { now: Date.now(), random: 0.5 });
  const pins = catalogue.pins.filter(({ style }) => style === "lamps").slice(0, 5);
  const actions = pins.map(({ id }, i) => ({
    id: `${user}.${i}`,
    pinId: id,
    type: "save" as const,
    occurredAt: Date.now(),
  }));
  await recordActions(services(), user, region, actions);
  return user;
}

test.each(
  Object.keys(endings) as (keyof typeof endings)[],
)("a warm feed is full with any one dependency %s, and names what is left out", async (ending) => {
  const user = await lover("weur");
  for (let pages = 0; pages < 2; pages++) await ask("weur", user);
  const left = await untilAnswered(
    Promise.all(Object.values(dependencies).map((dependency) => asking("weur", user, dependency(endings[ending])))),
  );
  expect(left.map(({ items }) => items.length)).toEqual([25, 25, 25, 25, 25]);
  const named = Object.fromEntries(Object.keys(dependencies).map((name, i) => [name, left[i]?.degraded]));
  expect(named).toEqual({ index: [], d1: [], kv: [], store: ["recent-actions"], colo: [] });
});

test.each(
  Object.keys(endings) as (keyof typeof endings)[],
)("a cold feed with any one dependency %s is made of what is left", async (ending) => {
  const regions = ["eeur", "me", "afr", "apac", "oc"] as const;
  const users = await Promise.all(regions.map(lover));
  const pages = await untilAnswered(
    Promise.all(
      Object.values(dependencies).map((dependency, i) =>
        asking(regions[i] as Region, users[i] ?? null, dependency(endings[ending])),
      ),
    ),
  );
  const [index, d1, kv, store, colo] = pages;
  for (const page of [index, kv, store, colo]) expect(page?.items).toHaveLength(25);
  expect(index?.degraded).toContain("taste");
  expect(d1?.degraded).toContain("trending");
  expect(store?.degraded).toEqual(["recent-actions"]);
  expect(colo?.degraded).toEqual([]);
});

test("with everything down for hours the last good trending is left, without what was buried; after a day, nothing", async () => {
  const first = await ask("sam", null);
  const [gone] = first.items;
  if (!gone) throw new Error("something trends");
  await services().regionStore("sam").bury([gone.pin.id]);
  await ask("sam", null);
  const start = Date.now();
  const later = (millis: number) => vi.setSystemTime(start + millis);

  later(6 * hour);
  for (const end of Object.values(endings)) {
    const page = await ask("sam", null, all(end));
    expect(page.items.length).toBeGreaterThan(20);
    expect(page.items.map(({ reason }) => reason)).toContain("trending");
    expect(page.items.filter(({ reason }) => reason !== "trending" && reason !== "fresh")).toEqual([]);
    expect(page.items.map(({ pin }) => pin.id)).not.toContain(gone.pin.id);
    expect(page.degraded).toEqual(expect.arrayContaining(["recent-actions", "trending", "fresh"]));
  }
  // The tombstone has expired, and the pin is still in what was kept.
  const forgetful: Services["regionStore"] = (region) => ({
    ...services().regionStore(region),
    recent: async () => ({ actions: [], tombstones: [], relations: [], withdrawals: [], overexposed: [] }),
  });
  const forgotten = await ask("sam", null, { ...all(endings.failing), regionStore: forgetful });
  expect(forgotten.items.length).toBeGreaterThan(20);
  expect(forgotten.items.map(({ pin }) => pin.id)).not.toContain(gone.pin.id);
  expect((await ask("wnam", null, all(endings.failing))).items).toEqual([]);

  later(25 * hour);
  const nothing = await ask("sam", null, all(endings.failing));
  expect(nothing).toMatchObject({ items: [], cursor: null });
  expect(nothing.degraded).toContain("trending");
});
