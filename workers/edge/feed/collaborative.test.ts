import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { type ActionType, newBoardId, newPinId, newUserId, type PinId, type UserId } from "@vitrine/contracts";
import {
  type CollaborativeTaste,
  decodePinVector,
  decodeUserEmbedding,
  encodeNeighbours,
  encodePinVector,
  encodeServingModel,
  hashOfId,
  type ServingModel,
  servingModelKey,
  toBase64,
  unpackPinVector,
  userEmbeddingKey,
  userVectorOf,
} from "@vitrine/ranking";
import { putPinModels } from "@vitrine/store";
import { seededSequence } from "@vitrine/vectors";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { recordActions, tellOfChange } from "../activity.ts";
import { servicesOf } from "../adapters/services.ts";
import type { Services } from "../context.ts";
import { bindings } from "../testing/catalogue.ts";
import { noCalls } from "./calls.ts";
import { loadUserState, type UserState } from "./user-state.ts";

const { DB_0, KV } = bindings;
const dimensions = 16;
const creator = newUserId("creator", { now: 1, random: 0.1 });
const board = newBoardId(creator, { now: 1, random: 0.2 });
/** The last pin is in no model. */
const pinIds = Array.from({ length: 61 }, (_, i) => newPinId(creator, { now: 1 + i, random: 0.3 }));
const versions = ["m0000000001", "m0000000002"] as const;
let userCount = 0;
const newUser = () => newUserId(`taste-${++userCount}`, { now: Date.now(), random: 0.5 });

const modelOf = (version: string): ServingModel => ({
  ...{ version, dimensions, trainedAt: 1, userCount: 1, saveCount: 1, interests: [] },
  basis: {
    gramian: Float32Array.from({ length: dimensions }, (_, k) => 30 - k),
    ...{ items: 60, regularisation: 0.02, regularisationExponent: 0.9, unobservedWeight: 0.05 },
  },
  itemMean: new Float32Array(dimensions),
  blend: [{ fromActions: 0, weights: [1, 0, 1, 0] }],
});

/** Positions differ from one version to the next. */
const itemOf = (pin: number, version: string) => (version === versions[0] ? pin : 59 - pin);
const vectorOf = (pin: number, version: string) => {
  const random = seededSequence(itemOf(pin, version) + 1);
  return encodePinVector(Float32Array.from({ length: dimensions }, () => random() - 0.3));
};

beforeAll(async () => {
  const pin = DB_0.prepare(
    "INSERT INTO pins (id, user_id, board_id, status, created_at, updated_at) VALUES (?, ?, ?, 'ready', 1, 1)",
  );
  await DB_0.batch([
    DB_0.prepare(
      "INSERT INTO boards (id, owner_id, name, visibility, created_at) VALUES (?, ?, 'b', 'public', 1)",
    ).bind(board, creator),
    ...pinIds.map((id) => pin.bind(id, creator, board)),
  ]);
  for (const version of versions) {
    const rows = pinIds.slice(0, 60).map((pinId, i) => ({
      pinId,
      item: itemOf(i, version),
      vector: toBase64(vectorOf(i, version)),
      neighbours: toBase64(encodeNeighbours({ items: Uint32Array.of(100 + i), weights: Float32Array.of(1) })),
    }));
    await putPinModels(servicesWith({}).databases, version, rows);
  }
  await serve(versions[0]);
});

afterEach(() => {
  vi.useRealTimers();
});

const serve = (version: string) => KV.put(servingModelKey, encodeServingModel(modelOf(version)));

function servicesWith(overrides: Partial<Services>, context: Pick<ExecutionContext, "waitUntil"> = noContext) {
  return { ...servicesOf(bindings, context, new Request("http://edge/")), ...overrides };
}
const noContext = { waitUntil: () => undefined };

/** One request, with its deferred work done. */
async function ask(userId: UserId, overrides: Partial<Services> = {}): Promise<UserState & { d1: number }> {
  const context = createExecutionContext();
  const calls = noCalls();
  const services = servicesWith(overrides, context);
  const state = await loadUserState(services, { userId, region: "weur", now: Date.now() }, calls);
  await waitOnExecutionContext(context);
  return { ...state, d1: calls.d1 };
}

async function act(userId: UserId, pins: readonly number[], type: ActionType = "save"): Promise<void> {
  const now = Date.now();
  const actions = pins.map((pin, i) => {
    const pinId = pinIds[pin] as PinId;
    return { id: `${type}.${userId}.${pinId}`, pinId, type, occurredAt: now - i };
  });
  await recordActions(servicesWith({}), userId, "weur", actions);
}

/** In D1 alone, as a bulk load writes them. */
async function load(userId: UserId, pins: readonly number[]): Promise<void> {
  const save = DB_0.prepare("INSERT INTO saves (user_id, pin_id, board_id, created_at) VALUES (?, ?, ?, ?)");
  await DB_0.batch(pins.map((pin, i) => save.bind(userId, pinIds[pin], board, 1_000 - i)));
}

/** As the route does it. */
async function unsave(userId: UserId, pin: number): Promise<void> {
  const pinId = pinIds[pin] as PinId;
  await DB_0.prepare("DELETE FROM saves WHERE user_id = ? AND pin_id = ?").bind(userId, pinId).run();
  await tellOfChange(servicesWith({}), userId, { region: "weur", change: { pinId, type: "save", at: Date.now() } });
}

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

function exact(pins: readonly number[], version: string = versions[0]): Float32Array {
  const actions = pins.map((pin) => ({ vector: unpackPinVector(decodePinVector(vectorOf(pin, version))), weight: 1 }));
  return userVectorOf(actions, modelOf(version).basis);
}

function expectOf(taste: CollaborativeTaste | null, pins: readonly number[], version: string = versions[0]): void {
  expect(taste?.model).toBe(version);
  expect(taste?.actionCount).toBe(pins.length);
  const wanted = exact(pins, version);
  for (const [k, value] of (taste?.vector ?? wanted.slice(0, 0)).entries()) {
    expect(value, `dimension ${k}`).toBeCloseTo(wanted[k] ?? 0, 4);
  }
  expect(new Set(taste?.neighbourScores.keys())).toEqual(new Set(pins.slice(0, 10).map((pin) => 100 + pin)));
}

test.each([1, 9, 10])("who was never seen is placed by %i saves at the next request", async (count) => {
  const user = newUser();
  await act(user, upTo(count));
  expectOf((await ask(user)).collaborative, upTo(count));
});

test.each([
  1, 9, 10, 11,
])("of %i loaded saves the vector is made, kept in KV, and moved by the next save", async (n) => {
  const user = newUser();
  await load(user, upTo(n));
  const before = await ask(user);
  expect(before.collaborative).toMatchObject({ actionCount: n, model: versions[0] });
  expect(before.collaborative?.vector).toEqual(exact(upTo(n)));
  expect(before.degraded).toEqual([]);
  expect(before.d1).toBeGreaterThan(0);
  const bytes = await KV.get(userEmbeddingKey(user), "arrayBuffer");
  expect(bytes && decodeUserEmbedding(bytes)?.collaborative?.actionCount).toBe(n);

  await act(user, [40]);
  const after = await ask(user);
  expect(after.d1).toBe(0);
  expect(after.collaborative?.vector).not.toEqual(before.collaborative?.vector);
  const wanted = exact([40, ...upTo(n)]);
  for (const [k, value] of (after.collaborative?.vector ?? []).entries()) expect(value).toBeCloseTo(wanted[k] ?? 0, 3);
  expect(after.collaborative?.lastSaves[0]).toEqual({ pinId: pinIds[40], item: 40 });
  expect(after.collaborative?.neighbourScores.get(140)).toBeCloseTo(1 / (n + 1), 3);
});

test("a save that is told twice, or known to the embedding already, counts once", async () => {
  const user = newUser();
  await load(user, [1, 2, 3]);
  await act(user, [3, 4]);
  await act(user, [4, 3]);
  expect((await ask(user)).collaborative?.actionCount).toBe(4);
  expectOf((await ask(user)).collaborative, [4, 1, 2, 3]);
});

test("a look moves the vector less than a save, a hidden pin leaves it, and a pin that no model knows is passed by", async () => {
  const [saver, looker] = [newUser(), newUser()];
  for (const user of [saver, looker]) await load(user, [0, 1, 2]);
  const before = (await ask(saver)).collaborative?.vector ?? new Float32Array(0);
  await act(saver, [50]);
  await act(looker, [50], "closeup");
  await act(looker, [60]);
  const [saved, looked] = [(await ask(saver)).collaborative, (await ask(looker)).collaborative];
  const distance = (taste: CollaborativeTaste | null) =>
    Math.hypot(...before.map((value, k) => value - (taste?.vector[k] ?? 0)));
  expect(looked?.actionCount).toBe(4);
  expect(distance(looked)).toBeGreaterThan(0);
  expect(distance(looked)).toBeLessThan(distance(saved));
  expect(looked?.lastSaves.map(({ item }) => item)).toEqual([0, 1, 2]);

  await act(saver, [50, 1], "hide");
  const hidden = (await ask(saver)).collaborative;
  expect(hidden?.vector).toEqual(exact([0, 2]));
  expect(hidden?.lastSaves.map(({ item }) => item)).toEqual([0, 2]);
});

test("of a user who has done nothing D1 is asked once, by whatever isolate", async () => {
  const user = newUser();
  const first = await ask(user);
  expect(first).toMatchObject({ collaborative: null, degraded: [] });
  expect(first.d1).toBeGreaterThan(0);
  expect((await ask(user)).d1).toBe(0);
  expect(await KV.get(userEmbeddingKey(user), "arrayBuffer")).not.toBeNull();
  await act(user, [5]);
  expectOf((await ask(user)).collaborative, [5]);
});

test("two requests at once make an embedding once", async () => {
  const user = newUser();
  await load(user, [7]);
  const states = await Promise.all([ask(user), ask(user), ask(user)]);
  expect(states.filter(({ d1 }) => d1 > 0)).toHaveLength(1);
  for (const { collaborative } of states) expectOf(collaborative, [7]);
});

test("without KV the embedding in memory goes on, and without one the last actions are the taste", async () => {
  const [known, unknown] = [newUser(), newUser()];
  const fail = () => Promise.reject(new Error("down"));
  const kv = { get: fail, put: fail } as unknown as KVNamespace;
  await load(known, [1, 2]);
  await ask(known);
  const fromMemory = await ask(known, { kv });
  expectOf(fromMemory.collaborative, [1, 2]);
  expect(fromMemory.degraded).toEqual([]);
  await act(unknown, [8]);
  const bare = await ask(unknown, { kv });
  expectOf(bare.collaborative, [8]);
  expect(bare.degraded).toEqual(["user-embedding"]);
});

test("without D1 who has no embedding is placed by the last actions, and the page says so", async () => {
  const user = newUser();
  await load(user, [1, 2]);
  await act(user, [8]);
  const { databases } = servicesWith({});
  const fail = () => Promise.reject(new Error("down"));
  const down = { ...databases, forId: () => ({ batch: fail, all: () => null }) as never };
  const without = await ask(user, { databases: down });
  expect(without.collaborative).toMatchObject({ actionCount: 1, vector: exact([8]) });
  expect(without.degraded).toContain("user-embedding");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_000 });
  const back = await ask(user);
  expect(back.degraded).toEqual([]);
  expectOf(back.collaborative, [8, 1, 2]);
});

test("garbage in KV is no embedding", async () => {
  const user = newUser();
  await load(user, [3]);
  await KV.put(userEmbeddingKey(user), '{"version":1,"clusters":[],"through":7}');
  expectOf((await ask(user)).collaborative, [3]);
});

test.each([5, 10, 11, 32])("a save that is taken back leaves the next request, though KV has %i with it", async (n) => {
  const user = newUser();
  await load(user, upTo(n));
  expect((await ask(user)).collaborative?.actionCount).toBe(n);
  await unsave(user, 1);
  const after = await ask(user);
  expect(after).toMatchObject({ d1: 0, degraded: [] });
  const left = upTo(n).filter((pin) => pin !== 1);
  const wanted = exact(left);
  for (const [k, value] of (after.collaborative?.vector ?? []).entries()) expect(value).toBeCloseTo(wanted[k] ?? 0, 4);
  expect(after.collaborative?.actionCount).toBe(n - 1);
  expect([...(after.collaborative?.neighbourScores.keys() ?? [])].sort()).toEqual(left.map((pin) => 100 + pin).sort());
  expect(after.collaborative?.lastSaves.map(({ item }) => item)).not.toContain(1);
  const hashOf = (pin: number) => hashOfId(pinIds[pin] ?? "");
  expect([after.known.has(hashOf(1)), after.known.has(hashOf(2))]).toEqual([false, true]);
  const bytes = await KV.get(userEmbeddingKey(user), "arrayBuffer");
  expect(bytes && decodeUserEmbedding(bytes)?.collaborative?.actionCount).toBe(n);
});

test("saved again after it was taken back it counts, and the last word holds however often and late words come", async () => {
  const user = newUser();
  await load(user, upTo(3));
  await ask(user);
  const store = servicesWith({}).regionStore("weur");
  const pinId = pinIds[1] as PinId;
  const back = (at: number) => ({ pinId, type: "save" as const, at });
  await unsave(user, 1);
  const takenBack = await ask(user);
  expectOf(takenBack.collaborative, [0, 2]);
  const at = Date.now() + 1_000;
  const again = { id: `again.${user}`, pinId, type: "save" as const, occurredAt: at };
  await recordActions(servicesWith({}), user, "weur", [again]);
  expect((await ask(user)).collaborative?.actionCount).toBe(3);
  // The taking back comes again from another region, then an older one, and the save once more.
  await store.adopt({
    actions: [],
    changes: [back(at - 500), back(at - 900)].map((change) => ({ userId: user, change })),
  });
  await recordActions(servicesWith({}), user, "weur", [again]);
  expect((await ask(user)).collaborative?.actionCount).toBe(3);
  await store.adopt({ actions: [], changes: [{ userId: user, change: back(at + 1) }] });
  await recordActions(servicesWith({}), user, "weur", [{ ...again, id: `late.${user}` }]);
  expect((await ask(user)).collaborative).toEqual(takenBack.collaborative);
});

test("a save that is in no embedding yet is taken back without any look-up, also before it comes", async () => {
  const user = newUser();
  await load(user, upTo(2));
  await ask(user);
  const now = Date.now();
  const pinId = pinIds[30] as PinId;
  await servicesWith({})
    .regionStore("weur")
    .adopt({ actions: [], changes: [{ userId: user, change: { pinId, type: "save", at: now + 10_000 } }] });
  await act(user, [30]);
  const state = await ask(user);
  expectOf(state.collaborative, [0, 1]);
  expect(state.d1).toBe(0);
});

test("what the user made stays theirs when its save is taken back", async () => {
  const user = newUser();
  await load(user, upTo(2));
  await DB_0.prepare("UPDATE pins SET user_id = ? WHERE id = ?").bind(user, pinIds[1]).run();
  const before = await ask(user);
  await unsave(user, 1);
  expect((await ask(user)).collaborative).toEqual(before.collaborative);
  await DB_0.prepare("UPDATE pins SET user_id = ? WHERE id = ?").bind(creator, pinIds[1]).run();
});

test("without D1 and memory of the pin, a last save that is taken back still leaves the vector", async () => {
  const user = newUser();
  await load(user, upTo(3));
  await ask(user);
  await unsave(user, 1);
  const { databases } = servicesWith({});
  const fail = () => Promise.reject(new Error("down"));
  const down = {
    ...databases,
    all: () => [{ all: fail, batch: fail }],
    forId: () => ({ batch: fail, all: fail }),
  } as never;
  // A look-up that takes too long is as none: the clock of its deadline alone runs on.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 30_000 });
  const state = await ask(user, { databases: down });
  expect(state.collaborative?.actionCount).toBe(2);
  expect(state.collaborative?.vector).toEqual(exact([0, 2]));
});

test("when another model serves, what was kept for the one before is made anew", async () => {
  const user = newUser();
  await load(user, upTo(4));
  expectOf((await ask(user)).collaborative, upTo(4));

  await serve(versions[1]);
  // Memory answers for a minute, and once more while the new one is fetched: the save is kept with the model before.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 120_000 });
  await act(user, [20]);
  const activity = await servicesWith({}).regionStore("weur").recent(user, 10);
  expect(activity.actions[0]?.taste?.model).toBe(versions[0]);
  await ask(user);
  const other = await ask(user);
  expectOf(other.collaborative, [20, ...upTo(4)], versions[1]);
  expect(other.degraded).toEqual([]);
  const bytes = await KV.get(userEmbeddingKey(user), "arrayBuffer");
  expect(bytes && decodeUserEmbedding(bytes)?.collaborative?.model).toBe(versions[1]);
});
