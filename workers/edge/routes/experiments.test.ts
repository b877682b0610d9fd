import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import {
  type EventsMessage,
  type Experiment,
  type ExperimentList,
  type ExperimentResults,
  type Exposure,
  type FeedPage,
  type RegionStoreService,
  regions,
  type UserId,
} from "@vitrine/contracts";
import { decodeExperiments, experimentsKey } from "@vitrine/ranking";
import { databasesOf, keepExposures, trendingPins } from "@vitrine/store";
import * as schema from "@vitrine/store/schema";
import { drizzle } from "drizzle-orm/d1";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { call, type Person, person, problemOf, read, tokenOf } from "../testing/api.ts";
import { bindings, type Catalogue, drawCatalogue } from "../testing/catalogue.ts";
import { edgeWith } from "../testing/isolate.ts";

let service: string;
let catalogue: Catalogue;
let count = 0;
const databases = databasesOf([drizzle(bindings.DB_0, { schema })]);

beforeAll(async () => {
  service = await tokenOf(undefined, "service");
  catalogue = await drawCatalogue(bindings, ["shoes", "hats"], { pinsPerStyle: 20 });
});

beforeEach(async () => {
  await bindings.DB_0.prepare("DELETE FROM experiments").run();
  await bindings.KV.delete(experimentsKey);
});

const definition = (changes: object = {}) => ({
  id: `more-diverse-${++count}`,
  name: "More diverse pages",
  layer: "ranking",
  traffic: 1,
  variants: [
    { name: "control", share: 0.5, settings: {} },
    { name: "diverse", share: 0.5, settings: { crowdingWeight: 0.6 } },
  ],
  primaryMetric: "saves-per-user",
  ...changes,
});

const ask = (method: string, path: string, json?: unknown) =>
  call(method, `/v1/experiments${path}`, { token: service, ...(json === undefined ? {} : { json }) });
const create = (json: unknown) => read<Experiment>(ask("POST", "", json), 201);
const running = async () => decodeExperiments((await bindings.KV.get(experimentsKey)) ?? '{"version":0}');

describe("an experiment", () => {
  test("is defined, started, grown, listed and stopped, and every edge is told what runs", async () => {
    const wanted = definition({ traffic: 0.2, minimumDetectableEffect: 0.05 });
    const made = await create(wanted);
    expect(made).toMatchObject({ ...wanted, salt: wanted.id, status: "draft", startedAt: null, stoppedAt: null });
    expect(await read(ask("POST", "", wanted), 200)).toEqual(made);
    expect(await bindings.KV.get(experimentsKey)).toBeNull();

    const started = await read<Experiment>(ask("POST", `/${wanted.id}/start`), 200);
    expect(started).toMatchObject({ status: "running", traffic: 0.2 });
    expect(await running()).toMatchObject([{ id: wanted.id, ranges: [[0, 2_000]], variants: wanted.variants }]);
    const grown = await read<Experiment>(ask("POST", `/${wanted.id}/start`, { traffic: 0.5 }), 200);
    expect(grown).toEqual({ ...started, traffic: 0.5 });
    expect(await running()).toMatchObject([{ ranges: [[0, 5_000]] }]);
    expect(await read(ask("GET", `/${wanted.id}`), 200)).toEqual(grown);
    expect((await read<ExperimentList>(ask("GET", ""), 200)).items).toEqual([grown]);

    const stopped = await read<Experiment>(ask("POST", `/${wanted.id}/stop`), 200);
    expect(stopped).toMatchObject({ status: "stopped", stoppedAt: expect.any(String) });
    expect(await read(ask("POST", `/${wanted.id}/stop`), 200)).toEqual(stopped);
    expect(await running()).toEqual([]);
    await problemOf(ask("POST", `/${wanted.id}/start`), 409);
  });

  test("is for services", async () => {
    const { writer: token } = await person("experimenter");
    for (const [method, path] of [
      ["POST", ""],
      ["GET", ""],
      ["GET", "/x1"],
      ["POST", "/x1/start"],
      ["POST", "/x1/stop"],
      ["GET", "/x1/results"],
    ] as const) {
      await problemOf(call(method, `/v1/experiments${path}`, { token, json: method === "POST" ? {} : undefined }), 403);
      await problemOf(call(method, `/v1/experiments${path}`), 401);
      if (path.startsWith("/x1")) await problemOf(ask(method, path), 404);
    }
  });

  test("that cannot be meant is refused with a sentence", async () => {
    const two = (share: number, settings: object) => [
      { name: "control", share: 0.5, settings: {} },
      { name: "b", share, settings },
    ];
    for (const changes of [
      { id: "Ünsafe" },
      { traffic: 0 },
      { traffic: 0.33333 },
      { variants: two(0.4, { crowdingWeight: 0 }) },
      { variants: two(0.5, {}) },
      { variants: two(0.5, { weights: {} }) },
      { variants: two(0.5, { weights: { charm: 1 } }) },
      { variants: two(0.5, { weights: { relevance: 3 } }) },
      { variants: two(0.5, { crowdingWeight: 0, model: "x" }) },
      { variants: two(0.5, { trendingHalfLifeHours: 0 }) },
      { variants: two(0.5, { crowdingWeight: 0 }).toReversed() },
      { variants: [{ name: "control", share: 1, settings: {} }] },
      { variants: two(0.5, { crowdingWeight: 0 }).map((variant) => ({ ...variant, name: "same" })) },
      { primaryMetric: "happiness" },
      { surprise: 1 },
    ]) {
      await problemOf(ask("POST", "", definition(changes)), 400);
    }
    const made = await create(definition());
    await problemOf(ask("POST", "", definition({ id: made.id, name: "Other" })), 409);
    await problemOf(ask("POST", "", definition({ id: made.id, traffic: 0.1 })), 409);
    await problemOf(ask("POST", `/${made.id}/start`, { traffic: 2 }), 400);
    await read(ask("POST", `/${made.id}/start`), 200);
    await problemOf(ask("POST", `/${made.id}/start`, { traffic: 0.5 }), 409);
  });

  test("takes users that no other of its layer has, and settings that no other layer changes", async () => {
    const [first, second, third] = [
      await create(definition({ traffic: 0.6 })),
      await create(definition({ traffic: 0.4 })),
      await create(definition({ traffic: 0.1 })),
    ];
    // At once: each finds its own buckets all the same.
    await Promise.all([first, second].map(({ id }) => read(ask("POST", `/${id}/start`), 200)));
    const ranges = (await running()).flatMap((experiment) => experiment.ranges).toSorted(([a], [b]) => a - b);
    expect(ranges).toHaveLength(2);
    expect([ranges[0]?.[0], ranges[1]?.[1]]).toEqual([0, 10_000]);
    expect(ranges[0]?.[1]).toBe(ranges[1]?.[0]);
    const full = await problemOf(ask("POST", `/${third.id}/start`), 409);
    expect(full.detail).toBe("Take less traffic: the layer ranking has not so many users left.");

    const elsewhere = await create(definition({ layer: "look" }));
    const rival = await problemOf(ask("POST", `/${elsewhere.id}/start`), 409);
    expect(rival.detail).toMatch(/^Put it into the layer ranking: /);
    const variants = [
      { name: "control", share: 0.5, settings: {} },
      { name: "b", share: 0.5, settings: { weights: { momentum: 0.8 } } },
    ];
    const independent = await create(definition({ layer: "look", variants }));
    await read(ask("POST", `/${independent.id}/start`), 200);
    await read(ask("POST", `/${first.id}/stop`), 200);
    await read(ask("POST", `/${third.id}/start`), 200);
  });
});

describe("results", () => {
  const at = Date.now() - 3_600_000;

  /** Users of whom each does `actions` after the exposure, and one save before it that must not count. */
  async function drawOutcomes(experimentId: string, users: { variant: string; saves: number; closeups?: number }[]) {
    const exposures = users.map(({ variant }, i): Exposure => {
      const userId = `usr_01j9zq4k3m${i.toString().padStart(8, "0")}` as UserId;
      return { id: `exposure.${experimentId}.${userId}`, experimentId, userId, variant, at };
    });
    await keepExposures(databases, exposures);
    const rows = users.flatMap(({ saves, closeups = 0 }, i) => {
      const user = exposures[i]?.userId;
      const row = (type: string, n: number, occurredAt: number) => ({
        ...{ id: `${experimentId}.${user}.${type}.${n}.${occurredAt}`, user, type, occurredAt },
      });
      return [
        row("save", 0, at - 1),
        ...Array.from({ length: saves }, (_, n) => row("save", n, at + n)),
        ...Array.from({ length: closeups }, (_, n) => row("closeup", n, at + n)),
      ];
    });
    await bindings.DB_0.prepare(
      `INSERT INTO actions (id, user_id, pin_id, type, region, occurred_at)
       SELECT value ->> 'id', value ->> 'user', 'pin', value ->> 'type', 'weur', value ->> 'occurredAt' FROM json_each(?)`,
    )
      .bind(JSON.stringify(rows))
      .run();
  }

  const results = (id: string) => read<ExperimentResults>(ask("GET", `/${id}/results`), 200);

  const clear = () =>
    bindings.DB_0.batch([bindings.DB_0.prepare("DELETE FROM exposures"), bindings.DB_0.prepare("DELETE FROM actions")]);
  beforeEach(async () => void (await clear()));

  test("count what the exposed did after their exposure, by variant", async () => {
    const { id } = await create(definition());
    await read(ask("POST", `/${id}/start`), 200);
    await drawOutcomes(id, [
      { variant: "control", saves: 0 },
      { variant: "control", saves: 2 },
      { variant: "control", saves: 4 },
      { variant: "diverse", saves: 3 },
      { variant: "diverse", saves: 3 },
    ]);
    const found = await results(id);
    expect(found).toMatchObject({ experimentId: id, status: "running", verdict: "undecided", isTruncated: false });
    expect(found.variants).toMatchObject([
      { variant: "control", users: 3, mean: 2, variance: 4, lift: null },
      { variant: "diverse", users: 2, mean: 3, variance: 0, lift: null },
    ]);
  });

  test("are of each metric what its name says", async () => {
    const users = [
      { variant: "control", saves: 3, closeups: 6 },
      { variant: "control", saves: 0, closeups: 2 },
    ];
    for (const [primaryMetric, mean] of [
      ["saves-per-user", 1.5],
      ["save-conversion", 0.5],
      ["closeups-per-user", 4],
      ["saves-per-closeup", 3 / 8],
    ] as const) {
      await clear();
      const { id } = await create(definition({ primaryMetric }));
      await drawOutcomes(id, users);
      expect((await results(id)).variants[0]?.mean).toBe(mean);
    }
  });

  test("tell a winner that there is, and nothing when users are not in their shares", async () => {
    const { id } = await create(definition());
    await read(ask("POST", `/${id}/start`), 200);
    const drawn = (variant: string, users: number, most: number) =>
      Array.from({ length: users }, (_, i) => ({ variant, saves: i % most }));
    await drawOutcomes(id, [...drawn("control", 400, 3), ...drawn("diverse", 400, 7)]);
    const found = await results(id);
    expect(found).toMatchObject({ verdict: "winner", winner: "diverse", sampleRatio: { isMismatched: false } });
    expect(found.variants[1]?.alwaysValidInterval?.low).toBeGreaterThan(0);

    await bindings.DB_0.prepare("DELETE FROM exposures WHERE variant = 'control' AND rowid % 3 = 0").run();
    expect(await results(id)).toMatchObject({ verdict: "broken", winner: null, sampleRatio: { isMismatched: true } });
  });
});

describe("the feed", () => {
  let now = Date.now();
  let exposed: { userId: UserId; exposures: Pick<Exposure, "experimentId" | "variant" | "at">[] }[];
  let isDown = false;

  beforeEach(() => {
    exposed = [];
    isDown = false;
    return () => vi.useRealTimers();
  });

  /** Half a minute on, what runs is read anew behind a page. */
  async function passTime() {
    now += 31_000;
    vi.setSystemTime(now);
    await pageOf(await person("somebody"));
    exposed = [];
  }

  const feed = edgeWith((real) => ({
    regionStore: (region) => {
      const store = real.regionStore(region);
      return {
        recent: (userId, limit) => store.recent(userId, limit),
        async expose(userId, exposures) {
          if (isDown) throw new Error("the region's store is down");
          exposed.push({ userId, exposures });
        },
      } as RegionStoreService;
    },
  }));

  async function pageOf(reader: Person, query = "limit=10"): Promise<FeedPage> {
    const headers = { authorization: `Bearer ${await tokenOf(reader.id, "reader")}` };
    return (await (await feed(`/v1/feed?${query}`, headers)).json()) as FeedPage;
  }

  test("says which variant a page is made under, and tells it once", async () => {
    const { id } = await create(definition());
    const ada = await person("ada");
    await read(ask("POST", `/${id}/start`), 200);
    await passTime();
    const first = await pageOf(ada);
    const variant = first.experiments?.[id];
    expect(["control", "diverse"]).toContain(variant);
    expect(exposed).toEqual([{ userId: ada.id, exposures: [{ experimentId: id, variant, at: now }] }]);
    expect((await pageOf(ada)).experiments).toEqual({ [id]: variant });
    await pageOf(ada, `limit=10&cursor=${first.cursor}`);
    expect(exposed).toHaveLength(1);
  });

  test("tells again what the region's store did not take", async () => {
    const { id } = await create(definition());
    await read(ask("POST", `/${id}/start`), 200);
    await passTime();
    const bob = await person("bob");
    isDown = true;
    expect((await pageOf(bob)).items).toHaveLength(10);
    isDown = false;
    await pageOf(bob);
    expect(exposed).toHaveLength(1);
  });

  test("has fragments of their own where a variant changes them, and shares all others", async () => {
    const variants = [
      { name: "control", share: 0.0001, settings: {} },
      { name: "slow", share: 0.9999, settings: { trendingHalfLifeHours: 168 } },
    ];
    const { id } = await create(definition({ layer: "trending", variants }));
    await read(ask("POST", `/${id}/start`), 200);
    await passTime();
    expect((await pageOf(await person("trendy"))).experiments).toEqual({ [id]: "slow" });
    const keys = (await bindings.KV.list({ prefix: "fragment:" })).keys.map(({ name }) => name);
    expect(keys.filter((name) => name.includes("half-life-168"))).toEqual([
      expect.stringMatching(/:half-life-168:.*:trending:$/),
    ]);
    expect(keys.some((name) => /:base:.*:fresh:/.test(name))).toBe(true);
  });

  test("has no experiments for who has no token, who is not in the traffic, and after a stop", async () => {
    const { id } = await create(definition({ traffic: 0.0001 }));
    await read(ask("POST", `/${id}/start`), 200);
    await passTime();
    const eve = await person("eve");
    expect(await pageOf(eve)).not.toHaveProperty("experiments");
    expect(((await (await feed("/v1/feed?limit=5")).json()) as FeedPage).experiments).toBeUndefined();
    await read(ask("POST", `/${id}/start`, { traffic: 1 }), 200);
    await passTime();
    expect((await pageOf(eve)).experiments).toHaveProperty(id);
    await read(ask("POST", `/${id}/stop`), 200);
    await passTime();
    expect(await pageOf(eve)).not.toHaveProperty("experiments");
    expect(exposed).toEqual([]);
  });
});

test("trending halves its weights in the time that it is asked for", async () => {
  const hour = Math.floor(Date.now() / 3_600_000);
  const [old, recent] = catalogue.pins.map(({ id }) => id);
  const insert = bindings.DB_0.prepare(
    "INSERT INTO trending_hours (region, hour, pin_id, weight) VALUES ('me', ?, ?, ?)",
  );
  await bindings.DB_0.batch([insert.bind(hour - 48, old, 10), insert.bind(hour, recent, 4)]);
  const request = { now: Date.now(), limit: 2 };
  expect(await trendingPins(databases, "me", request)).toEqual([recent, old]);
  expect(await trendingPins(databases, "me", { ...request, halfLifeHours: 168 })).toEqual([old, recent]);
});

test("the region's store sends an exposure once to ingest, by an id that it can acknowledge", async () => {
  const { id: userId } = await person("exposed");
  const region = regions[0];
  const store = bindings.REGION_STORE.get(bindings.REGION_STORE.idFromName(region));
  const sent: EventsMessage[] = [];
  await runInDurableObject(store, (instance) => {
    const queue = { send: async (message: EventsMessage) => void sent.push(message) };
    Object.defineProperty(instance, "env", { value: { ...env, EVENTS_QUEUE: queue }, configurable: true });
  });
  await store.expose(userId, [{ experimentId: "x1", variant: "b", at: 5 }]);
  await store.expose(userId, [
    { experimentId: "x1", variant: "b", at: 9 },
    { experimentId: "x2", variant: "c", at: 9 },
  ]);
  const told = sent.flatMap(({ exposures = [] }) => exposures);
  expect(told).toEqual([
    { id: `exposure.x1.${userId}`, experimentId: "x1", userId, variant: "b", at: 5 },
    { id: `exposure.x2.${userId}`, experimentId: "x2", userId, variant: "c", at: 9 },
  ]);
  const waiting = () =>
    runInDurableObject(store, (_, { storage }) => storage.sql.exec("SELECT id FROM outbox").toArray().length);
  expect(await waiting()).toBe(2);
  await store.acknowledge(told.map(({ id }) => id));
  expect(await waiting()).toBe(0);
});
