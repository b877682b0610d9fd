import { env } from "cloudflare:workers";
import {
  type Action,
  type Adoption,
  type EventsMessage,
  type Exposure,
  newBoardId,
  newPinId,
  newUserId,
  type PinId,
  type Region,
  regions,
  type UserChange,
  type UserId,
} from "@vitrine/contracts";
import {
  decodeUserEmbedding,
  encodeNeighbours,
  encodePinVector,
  encodeServingModel,
  hashOfId,
  type ServingModel,
  servingModelKey,
  toBase64,
  userEmbeddingKey,
} from "@vitrine/ranking";
import { databasesOf, putPinModels } from "@vitrine/store";
import * as schema from "@vitrine/store/schema";
import { dequantise, dot, quantise } from "@vitrine/vectors";
import { drizzle } from "drizzle-orm/d1";
import { beforeEach, expect, test } from "vitest";
import { type EventServices, handleEvents } from "./events.ts";

const { DB_0, KV } = env as unknown as { DB_0: D1Database; KV: KVNamespace };
const now = Date.now();
const [ada, bob, eve] = [
  newUserId("ada", { now, random: 0.1 }),
  newUserId("bob", { now, random: 0.2 }),
  newUserId("eve", { now, random: 0.3 }),
];
const board = newBoardId(bob, { now, random: 0.3 });
const pinIds = Array.from({ length: 12 }, (_, i) => newPinId(bob, { now: now + i, random: 0.4 }));
const acknowledged: string[] = [];
const adopted: { region: Region; adoption: Adoption }[] = [];

const services: EventServices = {
  databases: databasesOf([drizzle(DB_0, { schema })]),
  kv: KV,
  regionStore: (region) => ({
    acknowledge: async (ids) => {
      acknowledged.push(...ids);
    },
    adopt: async (adoption) => {
      adopted.push({ region, adoption });
    },
  }),
};

/** One-hot directions, so that what is like what is plain to see. */
const embeddingOf = (pinId: PinId) =>
  quantise(Float32Array.from({ length: 128 }, (_, d) => (d === pinIds.indexOf(pinId) ? 1 : 0)));

async function embeddingOfAda() {
  const bytes = await KV.get(userEmbeddingKey(ada), "arrayBuffer");
  return bytes && decodeUserEmbedding(bytes);
}

beforeEach(async () => {
  acknowledged.length = 0;
  adopted.length = 0;
  const clear = ["actions", "trending_hours", "saves", "follows", "blocks", "pins", "originals"].map((table) =>
    DB_0.prepare(`DELETE FROM ${table}`),
  );
  await DB_0.batch(clear);
  const original = DB_0.prepare(
    "INSERT INTO originals (hash, content_type, bytes, embedding, first_pin_id, created_at) VALUES (?, 'image/jpeg', 1, ?, ?, 1)",
  );
  const pin = DB_0.prepare(
    "INSERT INTO pins (id, user_id, board_id, original_hash, status, created_at, updated_at) VALUES (?, ?, ?, ?, 'ready', 1, 1)",
  );
  await DB_0.batch(
    pinIds.flatMap((id) => [original.bind(`h-${id}`, embeddingOf(id), id), pin.bind(id, bob, board, `h-${id}`)]),
  );
});

function actionOn(pin: number, changes: Partial<Action> = {}): Action {
  const pinId = pinIds[pin] as PinId;
  return { id: `save.${ada}.${pinId}`, userId: ada, pinId, type: "save", region: "weur", occurredAt: now, ...changes };
}

/** A model of as many pins as dimensions: each pin a direction of its own, the next pin its only neighbour. */
const drawnModel = (version: string, dimensions: number): ServingModel => ({
  ...{ version, dimensions, trainedAt: now, userCount: 1, saveCount: 1, interests: [] },
  basis: {
    gramian: new Float32Array(dimensions).fill(1),
    ...{ items: dimensions, regularisation: 0.01, regularisationExponent: 1, unobservedWeight: 0.1 },
  },
  itemMean: new Float32Array(dimensions),
  blend: [{ fromActions: 0, weights: [1, 0, 1, 0] }],
});

const drawnPin = (item: number, dimensions: number) => ({
  item,
  vector: toBase64(encodePinVector(Float32Array.from({ length: dimensions }, (_, d) => (d === item ? 1 : 0)))),
  neighbours: toBase64(encodeNeighbours({ items: Uint32Array.of(item + 1), weights: Float32Array.of(0.5) })),
});

const deliver = (...messages: (Omit<EventsMessage, "region"> & { region?: Region })[]) =>
  handleEvents({ messages: messages.map((body) => ({ body: { region: "weur", ...body } })) }, services);

async function counts() {
  const trending = await DB_0.prepare(
    "SELECT region, pin_id, sum(weight) AS weight FROM trending_hours GROUP BY 1, 2 ORDER BY 1, 2",
  ).all();
  const actions = await DB_0.prepare("SELECT id FROM actions ORDER BY id").all();
  return { trending: trending.results, actions: actions.results };
}

test("duplicates, another order, other groups and repeated deliveries leave the same counts", async () => {
  const actions = [
    ...pinIds.map((_, i) => actionOn(i)),
    ...pinIds.map((_, i) => actionOn(i, { id: `close.${i}`, type: "closeup" })),
    ...pinIds.map((_, i) => actionOn(0, { id: `click.${i}`, type: "click", userId: bob })),
    actionOn(1, { id: "view.1", type: "view" }),
  ];
  await deliver({ actions });
  const once = await counts();
  // Pin 0: a save 3, a closeup 2 and twelve clicks.
  expect(once.trending).toContainEqual({ region: "weur", pin_id: pinIds[0], weight: 17 });
  expect(once.trending).toContainEqual({ region: "weur", pin_id: pinIds[1], weight: 5 });
  expect(once.actions).toHaveLength(actions.length);

  await deliver({ actions: [...actions, ...actions] }, { actions: actions.slice(3, 9) });
  expect(await counts()).toEqual(once);

  await DB_0.batch([DB_0.prepare("DELETE FROM actions"), DB_0.prepare("DELETE FROM trending_hours")]);
  const backwards = actions.toReversed();
  for (let start = 0; start < backwards.length; start += 5) {
    await deliver({ actions: backwards.slice(start, start + 5) }, { actions: backwards.slice(start, start + 2) });
    await deliver({ actions: backwards.slice(0, start + 5) });
  }
  expect(await counts()).toEqual(once);
});

test("of a user's exposures the first counts, however often, late and in whatever order they are delivered", async () => {
  const exposure = (userId: UserId, variant: string, at: number): Exposure => ({
    ...{ id: `exposure.x1.${userId}`, experimentId: "x1", userId, variant, at },
  });
  const exposures = [
    exposure(ada, "treatment", 50),
    exposure(bob, "control", 20),
    exposure(ada, "control", 40),
    exposure(ada, "treatment", 40),
    exposure(bob, "treatment", 30),
    { ...exposure(ada, "treatment", 60), experimentId: "x2" },
  ];
  const kept = async () => (await DB_0.prepare("SELECT * FROM exposures ORDER BY 1, 2").all()).results;
  const expected = [
    { experiment_id: "x1", user_id: ada, variant: "control", at: 40 },
    { experiment_id: "x1", user_id: bob, variant: "control", at: 20 },
    { experiment_id: "x2", user_id: ada, variant: "treatment", at: 60 },
  ].toSorted((a, b) => (a.experiment_id + a.user_id < b.experiment_id + b.user_id ? -1 : 1));
  for (let turn = 0; turn < exposures.length; turn++) {
    await DB_0.prepare("DELETE FROM exposures").run();
    const order = [...exposures.slice(turn), ...exposures.slice(0, turn)];
    for (const each of order) await deliver({ actions: [], exposures: [each] });
    await deliver({ actions: [], exposures: order.toReversed() }, { actions: [], exposures: order.slice(2) });
    expect(await kept()).toEqual(expected);
  }
  expect(acknowledged).toContain(`exposure.x1.${ada}`);
});

test("everything delivered is acknowledged, duplicates and views too", async () => {
  await deliver({ actions: [actionOn(0), actionOn(0), actionOn(1, { id: "view.1", type: "view" })] });
  await deliver({ actions: [actionOn(0)], refreshes: [{ id: "refresh.1", userId: ada }] });
  expect(acknowledged.toSorted()).toEqual(
    [actionOn(0).id, actionOn(0).id, actionOn(0).id, "refresh.1", "view.1"].toSorted(),
  );
});

test("the user embedding is made of what the user saved, follows, blocks and hid", async () => {
  const save = DB_0.prepare("INSERT INTO saves (user_id, pin_id, board_id, created_at) VALUES (?, ?, ?, ?)");
  const follow = DB_0.prepare("INSERT INTO follows (follower_id, target_id, created_at) VALUES (?, ?, 1)");
  await DB_0.batch([
    save.bind(ada, pinIds[0], board, now),
    save.bind(ada, pinIds[1], board, now - 1),
    follow.bind(ada, bob),
    DB_0.prepare("INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, 1)").bind(ada, eve),
  ]);
  await deliver({ actions: [actionOn(0), actionOn(5, { id: "hide.5", type: "hide" })] });

  const embedding = await embeddingOfAda();
  expect(embedding?.follows).toEqual([bob]);
  expect(embedding?.blocked).toEqual([eve]);
  expect(new Set(embedding?.knownPins)).toEqual(new Set([0, 1, 5].map((i) => hashOfId(pinIds[i] as PinId))));
  expect(embedding?.through).toBeGreaterThanOrEqual(now);
  const likeness = (pin: number) =>
    Math.max(
      ...(embedding?.clusters ?? []).map((cluster) =>
        dot(cluster.embedding, dequantise(embeddingOf(pinIds[pin] as PinId))),
      ),
    );
  expect(likeness(0)).toBeGreaterThan(0.6);
  expect(likeness(5)).toBeCloseTo(0);
});

test("an unsave leaves the user embedding when the region asks for a new one", async () => {
  await DB_0.prepare("INSERT INTO saves (user_id, pin_id, board_id, created_at) VALUES (?, ?, ?, 1)")
    .bind(ada, pinIds[0], board)
    .run();
  await deliver({ actions: [actionOn(0)] });
  await DB_0.prepare("DELETE FROM saves").run();
  await deliver({ actions: [], refreshes: [{ id: "refresh.2", userId: ada }] });
  const embedding = await embeddingOfAda();
  expect(embedding?.clusters).toEqual([]);
  expect(embedding?.knownPins.size).toBe(0);
});

test("a user's place in the model is made of saved and created pins, of words alone too, without what was hidden", async () => {
  const model = drawnModel("m0000000001", 16);
  await KV.put(servingModelKey, encodeServingModel(model));
  const known = pinIds.slice(0, 6).map((pinId, item) => ({ pinId, ...drawnPin(item, 16) }));
  await putPinModels(services.databases, model.version, known);
  await DB_0.prepare("UPDATE pins SET original_hash = NULL WHERE id = ?").bind(pinIds[1]).run();
  await DB_0.prepare("UPDATE pins SET user_id = ? WHERE id = ?").bind(ada, pinIds[3]).run();
  const save = DB_0.prepare("INSERT INTO saves (user_id, pin_id, board_id, created_at) VALUES (?, ?, ?, ?)");
  // The last is not in the model.
  await DB_0.batch([0, 1, 2, 9].map((pin, i) => save.bind(ada, pinIds[pin], board, now - i)));
  await deliver({ actions: [actionOn(0), actionOn(2, { id: "hide.2", type: "hide" })] });

  const taste = (await embeddingOfAda())?.collaborative;
  expect(taste).toMatchObject({ model: model.version, actionCount: 3 });
  expect([...(taste?.items ?? [])]).toEqual([0, 1, 3]);
  expect(taste?.lastSaves.map(({ pinId }) => pinId)).toEqual([pinIds[0], pinIds[1], pinIds[3]]);
  expect(taste?.walk.size).toBeGreaterThan(0);

  await DB_0.prepare("DELETE FROM saves WHERE pin_id = ?").bind(pinIds[0]).run();
  await deliver({ actions: [], refreshes: [{ id: "refresh.4", userId: ada }] });
  expect([...((await embeddingOfAda())?.collaborative?.items ?? [])]).toEqual([1, 3]);
  await KV.delete(servingModelKey);
});

const others = (region: Region) => regions.filter((each) => each !== region);

test("what users did and changed is told to every other region in one call each, with embeddings", async () => {
  const change: UserChange = { pinId: pinIds[0] as PinId, type: "save", at: now };
  const features = { embedding: "AQL/", taste: { model: "m", item: 7, vector: "Awk=" } };
  await deliver(
    { region: "weur", actions: [actionOn(0, { features })], refreshes: [{ id: "refresh.3", userId: ada, change }] },
    { region: "weur", actions: [actionOn(1, { id: "view.1", type: "view" })] },
  );
  expect(adopted.map(({ region }) => region).sort()).toEqual(others("weur").sort());
  const taste = { model: "m", item: 7, vector: new Uint8Array([3, 9]) };
  const { region: _, ...saved } = actionOn(0);
  const { region: __, ...viewed } = actionOn(1, { id: "view.1", type: "view" });
  expect(adopted[0]?.adoption).toEqual({
    actions: [
      { ...saved, embedding: new Uint8Array([1, 2, 255]), taste },
      { ...viewed, embedding: new Uint8Array(0), taste: null },
    ],
    changes: [{ userId: ada, change }],
  });
  expect(acknowledged.toSorted()).toEqual([actionOn(0).id, "refresh.3", "view.1"].toSorted());
});

test("messages of two regions in one batch tell each of the other, and the rest of both", async () => {
  await deliver({ region: "weur", actions: [actionOn(0)] }, { region: "oc", actions: [actionOn(1)] });
  const told = (region: Region) =>
    adopted.filter((each) => each.region === region).flatMap(({ adoption }) => adoption.actions.map(({ id }) => id));
  expect(told("weur")).toEqual([actionOn(1).id]);
  expect(told("oc")).toEqual([actionOn(0).id]);
  expect(told("me")).toEqual([actionOn(0).id, actionOn(1).id]);
});

/** `oc` fails this many times; the others are as ever. */
function failing(times: number): Pick<EventServices, "regionStore"> {
  let left = times;
  return {
    regionStore: (region) => ({
      ...services.regionStore(region),
      adopt: async (adoption) => {
        if (region === "oc" && left-- > 0) throw new Error("down");
        await services.regionStore(region).adopt(adoption);
      },
    }),
  };
}

test("a call to a region that is lost is made again at once", async () => {
  const body = { region: "weur" as const, actions: [actionOn(0)] };
  await handleEvents({ messages: [{ body }] }, { ...services, ...failing(1) });
  expect(adopted.map(({ region }) => region).sort()).toEqual(others("weur").sort());
  expect(acknowledged).toEqual([actionOn(0).id]);
});

test("while a region is down the others are told, and only that region's own actions are acknowledged", async () => {
  const bodies = [
    { region: "weur" as const, actions: [actionOn(0)] },
    { region: "oc" as const, actions: [actionOn(1)] },
  ];
  await handleEvents(
    { messages: bodies.map((body) => ({ body })) },
    { ...services, ...failing(Number.POSITIVE_INFINITY) },
  );
  expect(adopted.map(({ region }) => region).sort()).toEqual(others("oc").sort());
  expect(acknowledged).toEqual([actionOn(1).id]);
});

test("when KV is down the counts stand, and the user's actions stay with the region's store", async () => {
  const down = () => Promise.reject(new Error("down"));
  const kv = { get: down, put: down } as unknown as KVNamespace;
  const actions = [actionOn(0), actionOn(1, { id: "click.1", type: "click", userId: bob })];
  await handleEvents({ messages: [{ body: { region: "weur", actions } }] }, { ...services, kv });
  expect((await counts()).actions).toHaveLength(2);
  expect(acknowledged).toEqual(["click.1"]);
});
