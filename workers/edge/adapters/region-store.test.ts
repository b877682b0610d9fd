import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type EventsMessage, limits, newPinId, newUserId, type PinId, type Region } from "@vitrine/contracts";
import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import type { Bindings } from "./bindings.ts";
import {
  maxEmbeddingsTold,
  maxWithdrawalsTold,
  RegionActivity,
  recentQuery,
  tombstoneMillis,
} from "./region-activity.ts";
import { RegionStore, resendAfterMillis } from "./region-store.ts";

const { REGION_STORE } = env as unknown as Bindings;
const user = newUserId("ada", { now: 1, random: 0.1 });
let pinCount = 0;
const newPin = () => newPinId(user, { now: 1_000 + pinCount++, random: 0.5 });

const storeOf = (region: Region) => REGION_STORE.get(REGION_STORE.idFromName(region));

const saveOf = (pinId: PinId, occurredAt: number) => ({
  id: `save.${user}.${pinId}`,
  pinId,
  type: "save" as const,
  occurredAt,
  embedding: new Uint8Array([1, 2, 255]),
  taste: null,
});

/** Runs work in the store with a queue that keeps what is sent, or refuses it. */
async function withQueue(
  region: Region,
  work: () => Promise<unknown>,
  { isDown = false } = {},
): Promise<EventsMessage[]> {
  const sent: EventsMessage[] = [];
  await runInDurableObject(storeOf(region), async (instance) => {
    const queue = {
      send: async (message: EventsMessage) => {
        if (isDown) throw new Error("the queue is down");
        sent.push(message);
      },
    };
    Object.defineProperty(instance, "env", { value: { EVENTS_QUEUE: queue }, configurable: true });
  });
  await work();
  return sent;
}

const outboxIds = (region: Region) =>
  runInDurableObject(storeOf(region), (_, { storage }) =>
    storage.sql
      .exec<{ id: string }>("SELECT id FROM outbox ORDER BY id")
      .toArray()
      .map(({ id }) => id),
  );

/** Makes everything in the outbox due, as if its time had passed. */
const passTime = (region: Region) =>
  runInDurableObject(storeOf(region), (_, { storage }) => {
    storage.sql.exec("UPDATE outbox SET due_at = due_at - ?", resendAfterMillis);
  });

test("what is recorded twice counts once, is kept with its embedding and is sent once", async () => {
  const taste = { model: "m", item: 7, vector: new Uint8Array([3, 9]) };
  const action = { ...saveOf(newPin(), Date.now()), taste };
  const sent = await withQueue("weur", async () => {
    expect(await storeOf("weur").record(user, "weur", [action])).toBe(1);
    expect(await storeOf("weur").record(user, "weur", [action])).toBe(0);
  });
  expect((await storeOf("weur").recent(user, 10)).actions).toEqual([action]);
  expect((await storeOf("weur").recent(null, 10)).actions).toEqual([]);
  const { embedding: _embedding, taste: _taste, ...told } = { ...action, userId: user, region: "weur" };
  const features = { embedding: "AQL/", taste: { model: "m", item: 7, vector: "Awk=" } };
  expect(sent).toEqual([{ region: "weur", actions: [{ ...told, features }], refreshes: [], exposures: [] }]);
});

test("an action keeps its pin's place in the model, also in a store that was made before there were models", async () => {
  const taste = { model: "m0000000001", item: 7, vector: new Uint8Array([0, 1, 255]) };
  const [before, after] = [saveOf(newPin(), Date.now() - 1), { ...saveOf(newPin(), Date.now()), taste }];
  await withQueue("afr", () => storeOf("afr").record(user, "afr", [before]));
  await runInDurableObject(storeOf("afr"), (_, state) => {
    for (const column of ["model", "item", "vector"]) {
      state.storage.sql.exec(`ALTER TABLE actions DROP COLUMN ${column}`);
    }
    // As when the object starts again with a newer version of the Worker.
    new RegionStore(state, env as unknown as Bindings);
  });
  await storeOf("afr").record(user, "afr", [after]);
  expect((await storeOf("afr").recent(user, 10)).actions).toEqual([after, before]);
});

test("the alarm sends again what is not acknowledged, with patience, and acknowledging empties the outbox", async () => {
  const [kept, lost] = [saveOf(newPin(), Date.now()), saveOf(newPin(), Date.now())];
  await withQueue("enam", () => storeOf("enam").record(user, "enam", [kept, lost]), { isDown: true });
  await storeOf("enam").acknowledge([kept.id]);
  expect(await outboxIds("enam")).toEqual([lost.id]);

  const early = await withQueue("enam", () => runDurableObjectAlarm(storeOf("enam")));
  expect(early).toEqual([]);
  await passTime("enam");
  const late = await withQueue("enam", async () => expect(await runDurableObjectAlarm(storeOf("enam"))).toBe(true));
  expect(late.flatMap(({ actions }) => actions.map(({ id }) => id))).toEqual([lost.id]);
  const again = await withQueue("enam", () => runDurableObjectAlarm(storeOf("enam")));
  expect(again).toEqual([]);

  await storeOf("enam").acknowledge([lost.id]);
  expect(await outboxIds("enam")).toEqual([]);
});

test("the newest thousand actions of a user are kept, and sent in messages that a queue takes", async () => {
  const actions = Array.from({ length: limits.maxActionsPerUser + 5 }, (_, i) =>
    saveOf(newPin(), Date.now() - i * 1_000),
  );
  const sent = await withQueue("sam", () => storeOf("sam").record(user, "sam", actions));
  const { actions: kept } = await storeOf("sam").recent(user, 5_000);
  expect(kept.map(({ id }) => id)).toEqual(actions.slice(0, limits.maxActionsPerUser).map(({ id }) => id));
  expect(sent.flatMap((message) => message.actions)).toHaveLength(actions.length);
  for (const message of sent) expect(JSON.stringify(message).length).toBeLessThan(128_000);
});

test("views do not push saves out of the answer, and carry no embedding", async () => {
  const now = Date.now();
  const views = Array.from({ length: 20 }, (_, i) => ({
    ...saveOf(newPin(), now - i),
    id: `view.${i}`,
    type: "view" as const,
  }));
  const save = saveOf(newPin(), now - 60_000);
  await withQueue("apac", () => storeOf("apac").record(user, "apac", [...views, save]));
  const { actions } = await storeOf("apac").recent(user, 5);
  expect(actions.map(({ type }) => type)).toEqual(["view", "view", "view", "view", "view", "save"]);
  expect(actions.map(({ embedding }) => embedding.length)).toEqual([0, 0, 0, 0, 0, 3]);
});

test("an action that is withdrawn is gone, and a new user embedding is asked for until it is made", async () => {
  const action = saveOf(newPin(), Date.now());
  const withdrawal = { pinId: action.pinId, type: "save", at: Date.now() } as const;
  const sent = await withQueue("oc", async () => {
    await storeOf("oc").record(user, "oc", [action]);
    await storeOf("oc").acknowledge([action.id]);
    await storeOf("oc").change(user, withdrawal);
  });
  expect(await storeOf("oc").recent(user, 10)).toMatchObject({ actions: [], withdrawals: [withdrawal] });
  const refreshes = sent.flatMap((message) => message.refreshes ?? []);
  expect(refreshes).toEqual([{ id: expect.any(String), userId: user, change: withdrawal }]);
  expect(await outboxIds("oc")).toEqual(refreshes.map(({ id }) => id));
});

test("what another region took back is gone here too, unless it was done again since, and nobody is told", async () => {
  const at = Date.now();
  const [before, after] = [saveOf(newPin(), at), saveOf(newPin(), at + 1)];
  await withQueue("wnam", () => storeOf("wnam").record(user, "wnam", [before, after]));
  const sent = await withQueue("wnam", async () => {
    for (const { pinId } of [before, after]) {
      await storeOf("wnam").adopt({ actions: [], changes: [{ userId: user, change: { pinId, type: "save", at } }] });
    }
  });
  expect((await storeOf("wnam").recent(user, 10)).actions).toEqual([after]);
  expect(sent).toEqual([]);
});

test("the last taking back of a pin is told for an hour, to its user, newest first", async () => {
  const at = Date.now();
  const pins = Array.from({ length: maxWithdrawalsTold + 5 }, newPin);
  const bob = newUserId("bob", { now: 1, random: 0.3 });
  const back = (pinId: PinId, when: number) => ({ pinId, type: "save" as const, at: when });
  const changes = pins.flatMap((pinId, i) => [back(pinId, at - i), back(pinId, at - 100 - i)]);
  const told = [...changes, back(newPin(), at - 3_600_001)].map((change) => ({ userId: bob, change }));
  await storeOf("wnam").adopt({ actions: [], changes: told });
  await storeOf("wnam").adopt({ actions: [], changes: told.toReversed() });
  const { withdrawals } = await storeOf("wnam").recent(bob, 10);
  expect(withdrawals).toEqual(pins.slice(0, maxWithdrawalsTold).map((pinId, i) => back(pinId, at - i)));
  expect((await storeOf("wnam").recent(null, 10)).withdrawals).toEqual([]);
});

test.each([
  "follow",
  "block",
] as const)("the last word about a %s holds, in whatever order words come", async (relation) => {
  const targetId = newUserId("bob", { now: 1, random: 0.2 });
  const at = Date.now();
  const [begin, end] = [
    { relation, targetId, holds: true, at: at - 1 },
    { relation, targetId, holds: false, at },
  ];
  await withQueue("afr", async () => {
    await storeOf("afr").change(user, end);
    await storeOf("afr").adopt({ actions: [], changes: [{ userId: user, change: begin }] });
  });
  expect((await storeOf("afr").recent(user, 1)).relations).toContainEqual(end);
  const again = { userId: user, change: { ...begin, at: at + 1 } };
  await storeOf("afr").adopt({ actions: [], changes: [again] });
  expect((await storeOf("afr").recent(user, 1)).relations).toContainEqual({ ...begin, at: at + 1 });
});

test("tombstones are told to everybody, taken back by restore, and expire", async () => {
  const [gone, back] = [newPin(), newPin()];
  await storeOf("me").bury([gone, back]);
  await storeOf("me").restore([back]);
  expect((await storeOf("me").recent(null, 1)).tombstones.map(({ id }) => id)).toEqual([gone]);
  await runInDurableObject(storeOf("me"), (_, { storage: { sql } }) => {
    const later = new RegionActivity(sql).recent(null, 1, Date.now() + tombstoneMillis);
    expect(later.tombstones).toEqual([]);
  });
});

test("what other regions did is known here with its embeddings, once, and nobody is told", async () => {
  const taste = { model: "m", item: 7, vector: new Uint8Array([3, 9]) };
  const action = { ...saveOf(newPin(), Date.now()), taste };
  const sent = await withQueue("wnam", async () => {
    for (let times = 0; times < 2; times++) {
      await storeOf("wnam").adopt({ actions: [{ userId: user, ...action }], changes: [] });
    }
  });
  const { actions } = await storeOf("wnam").recent(user, 10);
  expect(actions.filter(({ id }) => id === action.id)).toEqual([action]);
  expect(sent).toEqual([]);
});

test("an action that comes after it was taken back does not come back, and is counted all the same", async () => {
  const action = saveOf(newPin(), Date.now());
  const withdrawal = { pinId: action.pinId, type: "save", at: action.occurredAt } as const;
  const sent = await withQueue("eeur", async () => {
    await storeOf("eeur").adopt({ actions: [], changes: [{ userId: user, change: withdrawal }] });
    await storeOf("eeur").record(user, "eeur", [action]);
  });
  expect((await storeOf("eeur").recent(user, 10)).actions).toEqual([]);
  expect(sent.flatMap(({ actions }) => actions.map(({ id }) => id))).toEqual([action.id]);
});

test("after an outage the store sends at most a bounded part at a time, a second apart", async () => {
  const actions = Array.from({ length: 3_000 }, (_, i) => ({
    ...saveOf(newPin(), Date.now() - i),
    id: `click.${i}`,
    type: "click" as const,
  }));
  await withQueue("sam", () => storeOf("sam").record(user, "sam", actions), { isDown: true });
  await runInDurableObject(storeOf("sam"), (_, { storage }) =>
    storage.sql.exec("UPDATE outbox SET due_at = 0").toArray(),
  );
  const before = Date.now();
  const sent = await withQueue("sam", () => runDurableObjectAlarm(storeOf("sam")));
  expect(sent.flatMap((message) => message.actions)).toHaveLength(2_000);
  const next = await runInDurableObject(storeOf("sam"), (_, { storage }) => storage.getAlarm());
  expect(next).toBeGreaterThanOrEqual(before + 1_000);
});

test("a page asks one statement of its user that walks indexes alone, the next one none, and is told few embeddings", async () => {
  const actions = Array.from({ length: 100 }, (_, i) => saveOf(newPin(), Date.now() - i));
  await runInDurableObject(storeOf("me"), (_, { storage: { sql } }) => {
    const statements: string[] = [];
    const exec: typeof sql.exec = (query, ...values) => {
      statements.push(query);
      return sql.exec(query, ...values);
    };
    const activity = new RegionActivity({ exec });
    for (const action of actions) activity.keep(user, action);
    statements.length = 0;
    const told = activity.recent(user, 200, Date.now());
    expect(statements).toEqual([recentQuery, "SELECT id, at FROM tombstones"]);
    statements.length = 0;
    expect(activity.recent(user, 200, Date.now())).toEqual(told);
    expect(statements).toEqual([]);
    expect(told.actions).toHaveLength(100);
    expect(told.actions.filter(({ embedding }) => embedding.length > 0)).toHaveLength(maxEmbeddingsTold);

    const plan = sql
      .exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${recentQuery}`, user, 200, 0)
      .toArray()
      .map(({ detail }) => detail);
    const walks = plan.filter((detail) => /actions|relations|withdrawals/.test(detail));
    expect(walks).toHaveLength(4);
    for (const walk of walks) expect(walk).toMatch(/^SEARCH \w+ USING (COVERING )?INDEX|^SEARCH \w+ USING PRIMARY KEY/);
    expect(plan.filter((detail) => detail.includes("TEMP B-TREE"))).toEqual([]);
  });
});

test("what a store remembers is what SQLite holds, whatever is told in between", async () => {
  const others = ["bob", "eve"].map((handle) => newUserId(handle, { now: 1, random: 0.3 }));
  const users = [user, ...others];
  const pins = Array.from({ length: 4 }, newPin);
  const next = seededSequence(3);
  const oneOf = <T>(list: readonly [T, ...T[]] | readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  await runInDurableObject(storeOf("apac"), (_, { storage: { sql } }) => {
    const activity = new RegionActivity(sql);
    let now = Date.now();
    const words: Record<string, () => void> = {
      keep: () => void activity.keep(oneOf(users), { ...saveOf(oneOf(pins), now), id: `save.${next()}` }),
      forgetOldest: () => activity.forgetOldest(oneOf(users)),
      withdraw: () => activity.apply(oneOf(users), { pinId: oneOf(pins), type: "save", at: now }),
      relate: () =>
        activity.apply(oneOf(users), { relation: "follow", targetId: oneOf(users), holds: next() < 0.5, at: now }),
      bury: () => activity.bury([oneOf(pins)], now),
      restore: () => activity.restore([oneOf(pins)]),
      expire: () => activity.expire(now),
      wait: () => {
        now += tombstoneMillis / 3;
      },
    };
    for (let n = 0; n < 400; n++) {
      oneOf(Object.values(words))();
      const limit = next() < 0.9 ? 50 : 2; // mostly the same, for what is remembered answers no other question
      for (const who of [...users, null]) {
        expect(activity.recent(who, limit, now)).toEqual(new RegionActivity(sql).recent(who, limit, now));
      }
    }
    expect(activity.recent(user, 50, now).actions.length).toBeGreaterThan(0);
  });
});

test("what isolates report of their pages makes a pin overexposed in the region, and nowhere else", async () => {
  const [loud, quiet] = [newPin(), newPin()];
  const others = Array.from({ length: 200 }, (): [PinId, number] => [newPin(), 10]);
  for (let isolate = 0; isolate < 2; isolate++) {
    await storeOf("oc").tellShown({ pages: 500, pins: [[loud, 200], [quiet, 100], ...others] });
  }
  expect((await storeOf("oc").recent(null, 1)).overexposed).toEqual([loud]);
  expect((await storeOf("afr").recent(null, 1)).overexposed).toEqual([]);
});
