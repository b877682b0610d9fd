import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import {
  type JobsService,
  type ModelVersion,
  newBoardId,
  newPinId,
  newUserId,
  type PinId,
  type UserId,
} from "@vitrine/contracts";
import {
  decodeNeighbours,
  decodePinVector,
  decodeServingModel,
  decodeUserEmbedding,
  servingModelKey,
  unpackPinVector,
  userEmbeddingKey,
  userHistoryLimits,
} from "@vitrine/ranking";
import { changeModel, findModel, lastSaveOfRecent, listModels, pinModelsOf, userHistory } from "@vitrine/store";
import { dot, seededSequence } from "@vitrine/vectors";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Bindings, servicesOf } from "../adapters/bindings.ts";
import type { JobServices } from "../services.ts";
import { drawPictures } from "../testing/draw-pictures.ts";
import { PowerCut, stepsOn } from "../testing/steps.ts";
import { modelFiles, type TrainingOrder } from "./services.ts";
import { minSaves, serveModel, trainNow, trainWhenDue } from "./start.ts";
import { fulfil } from "./train-model.ts";

const bindings = env as unknown as Bindings & { TEST_MIGRATIONS: D1Migration[] };
const { DB_0, KV, MODELS, TASTE_INDEX } = bindings;
const start = 1_790_000_000_000;
const hour = 3_600_000;

const styles = 4;
const pins = Array.from({ length: 60 }, (_, i) => newPinId(owner(), { now: start + i, random: 0.3 }));
/** On a secret board: learned from, and in no feed. */
const secretPin = pins[7] as PinId;
let now = start;
let orders: TrainingOrder[] = [];

function owner(): UserId {
  return newUserId("owner", { now: start, random: 0.1 });
}

beforeAll(async () => {
  await applyD1Migrations(DB_0, bindings.TEST_MIGRATIONS);
  const boards = ["public", "secret"].map((visibility, i) => {
    const id = newBoardId(owner(), { now: start, random: 0.2 + i / 10 });
    return { id, visibility };
  });
  const board = DB_0.prepare(
    "INSERT INTO boards (id, owner_id, name, visibility, created_at) VALUES (?, ?, 'b', ?, 1)",
  );
  const pin = DB_0.prepare(
    "INSERT INTO pins (id, user_id, board_id, original_hash, status, created_at, updated_at) VALUES (?, ?, ?, ?, 'ready', 1, 1)",
  );
  await DB_0.batch([
    ...boards.map(({ id, visibility }) => board.bind(id, owner(), visibility)),
    ...pins.map((id) => pin.bind(id, owner(), boards[id === secretPin ? 1 : 0]?.id, `picture of ${id}`)),
  ]);
  await drawPictures(DB_0, pins, (i) => i % styles);
});

beforeEach(async () => {
  now = start;
  orders = [];
  await DB_0.batch(["saves", "models", "pin_models"].map((table) => DB_0.prepare(`DELETE FROM ${table}`)));
  await KV.delete(servingModelKey);
  const { objects } = await MODELS.list();
  await MODELS.delete(objects.map(({ key }) => key));
});

/** Users of four tastes, who save pins of theirs, and now and then another one. */
async function save(users: number, { perUser = 12, random = seededSequence(5) } = {}): Promise<void> {
  const statement = DB_0.prepare(
    "INSERT OR IGNORE INTO saves (user_id, pin_id, board_id, created_at) VALUES (?, ?, 'b', ?)",
  );
  const rows = Array.from({ length: users }, (_, user) => {
    const userId = newUserId(`u${user}`, { now: start + user, random: 0.5 });
    return Array.from({ length: perUser }, () => {
      const place = Math.floor(random() * (pins.length / styles)) * styles + (user % styles);
      const pinId = pins[random() < 0.9 ? place : Math.floor(random() * pins.length)];
      return statement.bind(userId, pinId, start + user);
    });
  });
  await DB_0.batch(rows.flat());
}

function services(changes: Partial<JobServices> = {}): JobServices {
  const real = servicesOf(bindings);
  let drawn = 0;
  return {
    ...real,
    clock: () => now,
    random: () => (++drawn % 997) / 997,
    begin: async (order) => void orders.push(order),
    pause: async () => undefined,
    ...changes,
  };
}

async function train(changes: Partial<JobServices> = {}): Promise<ModelVersion> {
  now += 1_000;
  const { version } = await trainNow(services(changes), { dimensions: 16, epochs: 4 });
  const order = orders.at(-1) as TrainingOrder;
  await fulfil(services(changes), stepsOn(new Map()), order);
  return version;
}

async function serving(): Promise<string | null> {
  const bytes = await KV.get(servingModelKey, "arrayBuffer");
  return bytes && decodeServingModel(bytes).version;
}

async function bitsOf(version: string): Promise<string> {
  const artifact = await MODELS.get(`${version}/artifact`);
  const digest = await crypto.subtle.digest("SHA-256", (await artifact?.arrayBuffer()) ?? new ArrayBuffer(0));
  return new Uint8Array(digest).join(" ");
}

test("saves become a model that serves: artifact, rows, vectors of public pins, and the pointer", async () => {
  await save(160);
  const version = await train();
  const row = await findModel(services().databases, version);
  expect(row).toMatchObject({ status: "serving", users: 160, pins: pins.length, progress: 1, lockedUntil: 0 });
  expect(row?.metrics?.sampledHitRateAt10).toBeGreaterThan(0.2);
  expect(await serving()).toBe(version);
  const { blend } = decodeServingModel((await KV.get(servingModelKey, "arrayBuffer")) ?? new ArrayBuffer(0));
  // Pins of a style look alike here.
  for (const { scoreOfLikeness } of blend) expect(scoreOfLikeness).toBeGreaterThan(0);

  const rows = await pinModelsOf(services().databases, version, pins);
  expect(rows.size).toBe(pins.length);
  const [first] = [...rows.values()];
  const neighbours = decodeNeighbours(Uint8Array.from(atob(first?.neighbours ?? ""), (c) => c.charCodeAt(0)));
  const placeOf = new Map([...rows.values()].map(({ item, pinId }) => [item, pins.indexOf(pinId)]));
  const own = placeOf.get(first?.item ?? -1) ?? -1;
  const likes = [...neighbours.items.slice(0, 5)].map((item) => placeOf.get(item) ?? -1);
  expect(likes.filter((place) => place % styles === own % styles).length).toBeGreaterThanOrEqual(4);

  const ids = pins.map((pinId) => `${version}.${pinId}`);
  const found = (await Promise.all(ids.map((id) => TASTE_INDEX.getByIds([id])))).flat();
  expect(found).toHaveLength(pins.length - 1);
  expect(found.map(({ id }) => id)).not.toContain(`${version}.${secretPin}`);
  const vector = unpackPinVector(decodePinVector(Uint8Array.from(atob(first?.vector ?? ""), (c) => c.charCodeAt(0))));
  const kept = found.find(({ id }) => id === `${version}.${first?.pinId}`);
  expect(dot(kept?.values ?? [], vector)).toBeCloseTo(dot(vector, vector), 4);
  expect((await MODELS.list({ prefix: `${version}/` })).objects.map(({ key }) => key.split("/")[1])).toEqual([
    "artifact",
    "serving",
  ]);
});

test("a model that serves tells that users are still being embedded, and then that all is done", async () => {
  await save(160);
  const told: (number | undefined)[] = [];
  const pause = async () => {
    const [row] = await listModels(services().databases, 1);
    if (row?.status === "serving") told.push(row.progress);
  };
  const version = await train({ pause });
  expect(new Set(told)).toEqual(new Set([0.99]));
  expect(await findModel(services().databases, version)).toMatchObject({ status: "serving", progress: 1 });
});

test("users who saved find their embedding of the new model made, and those who saved last above all", async () => {
  await save(160);
  const version = await train();
  const { results } = await DB_0.prepare("SELECT DISTINCT user_id AS id FROM saves").all<{ id: UserId }>();
  expect(results).toHaveLength(160);
  const { databases } = services();
  for (const { id } of results) {
    const bytes = await KV.get(userEmbeddingKey(id), "arrayBuffer");
    const { collaborative, through } = (bytes && decodeUserEmbedding(bytes)) ?? {};
    const { actions } = await userHistory(databases, id, userHistoryLimits);
    expect(collaborative).toMatchObject({ model: version, actionCount: actions.length });
    expect(collaborative?.lastSaves[0]?.pinId).toBe(actions[0]?.pinId);
    expect(through).toBe(now);
  }
  expect(await Promise.all(databases.all().map((database) => lastSaveOfRecent(database, 10)))).toEqual([start + 150]);
});

test("that no user can be embedded ahead keeps no model from serving", async () => {
  await save(160);
  const put = async (...[key, value]: Parameters<typeof KV.put>) => {
    if (key.startsWith("user:")) throw new Error("down");
    return KV.put(key, value);
  };
  const version = await train({ kv: { ...services().kv, put } as JobServices["kv"] });
  expect(await serving()).toBe(version);
  expect(await findModel(services().databases, version)).toMatchObject({ status: "serving" });
});

// Thirty trainings: half a minute where the machine has other work.
test("a training that dies at any step goes on from its checkpoint, to the same bits", {
  timeout: 120_000,
}, async () => {
  await save(160);
  const { version } = await trainNow(services(), { dimensions: 8, epochs: 2 });
  const order = orders.at(-1) as TrainingOrder;
  const whole = new Map<string, string>();
  await fulfil(services(), stepsOn(whole), order);
  const expected = await bitsOf(version);
  expect([...whole.keys()].filter((name) => name.startsWith("train ")).length).toBeGreaterThanOrEqual(8);

  const again = async () => {
    await DB_0.prepare("UPDATE models SET status = 'training', locked_until = ?")
      .bind(now + hour)
      .run();
    await MODELS.delete(modelFiles.map((name) => `${version}/${name}`));
    await KV.delete(servingModelKey);
  };
  for (const name of whole.keys()) {
    await again();
    const kept = new Map<string, string>();
    const dying = stepsOn(kept, (step) => (step === name ? "unheard" : null));
    await expect(fulfil(services(), dying, order)).rejects.toThrow(PowerCut);
    await fulfil(services(), stepsOn(kept), order);
    expect([await bitsOf(version), await serving()], `died at ${name}`).toEqual([expected, version]);
  }

  await again();
  const kept = new Map<string, string>();
  const dies = () =>
    fulfil(
      services(),
      stepsOn(kept, () => "heard"),
      order,
    ).catch((error) => error as unknown);
  for (let deaths = 0; (await dies()) instanceof PowerCut; deaths++) expect(deaths).toBeLessThan(whole.size);
  expect([await bitsOf(version), await serving()], "died at every step").toEqual([expected, version]);
});

test("whatever fails before the pointer leaves the model that serves as it was", async () => {
  await save(160);
  const first = await train();
  const kv = { ...services().kv, put: async () => Promise.reject(new Error("KV is down")) } as JobServices["kv"];
  await expect(train({ kv })).rejects.toThrow("KV is down");
  expect(await serving()).toBe(first);
  const [second] = await listModels(services().databases, 1);
  expect(second).toMatchObject({ status: "failed", note: "It failed: KV is down.", lockedUntil: 0 });
  const tasteIndex = { ...services().tasteIndex, upsert: async () => Promise.reject(new Error("the index is away")) };
  await expect(train({ tasteIndex })).rejects.toThrow("the index is away");
  const blind = { getByIds: async () => [], upsert: async () => ({ mutationId: "1" }) };
  await expect(train({ tasteIndex: { ...tasteIndex, ...blind } })).rejects.toThrow("did not show the vectors");
  expect(await serving()).toBe(first);
  expect((await findModel(services().databases, first))?.status).toBe("serving");
});

test("a worse model is rejected with its figures, and can be promoted", async () => {
  await save(160);
  const first = await train();
  await changeModel(services().databases, first, {
    metrics: {
      sampledHitRateAt10: 0.999,
      sampledNdcgAt10: 1,
      fullHitRateAt10: 0.9,
      fullNdcgAt10: 1,
      coverageAt10: 1,
      users: 9_999,
    },
  });
  const second = await train();
  expect(await serving()).toBe(first);
  expect(await findModel(services().databases, second)).toMatchObject({
    status: "rejected",
    note: expect.stringMatching(/^Its sampled HR@10 is 0\.\d{4} and that of m\w+ is 0\.9990\.$/),
  });
  expect((await pinModelsOf(services().databases, second, pins)).size).toBe(0);

  expect((await serveModel(services(), second)).status).toBe("candidate");
  await fulfil(services(), stepsOn(new Map()), orders.at(-1) as TrainingOrder);
  expect(await serving()).toBe(second);
  expect((await findModel(services().databases, first))?.status).toBe("retired");
});

test("the model before is put back at once, and those before it are deleted", async () => {
  await save(160);
  const [first, second] = [await train(), await train()];
  expect(await serveModel(services(), first)).toMatchObject({ status: "serving" });
  expect(await serving()).toBe(first);
  expect((await findModel(services().databases, second))?.status).toBe("retired");
  await serveModel(services(), second);
  const third = await train();
  expect(await serving()).toBe(third);
  const statuses = (await listModels(services().databases, 9)).map(({ version, status }) => [version, status]);
  expect(statuses).toEqual([
    [third, "serving"],
    [second, "retired"],
    [first, "deleted"],
  ]);
  expect((await pinModelsOf(services().databases, first, pins)).size).toBe(0);
  expect((await pinModelsOf(services().databases, second, pins)).size).toBe(pins.length);
  expect(await TASTE_INDEX.getByIds([`${first}.${pins[0]}`])).toEqual([]);
  expect(await TASTE_INDEX.getByIds([`${second}.${pins[0]}`])).toHaveLength(1);
  expect((await MODELS.list({ prefix: `${first}/` })).objects).toEqual([]);
  await expect(serveModel(services(), first)).rejects.toThrow(`${first} is deleted`);
});

test("a training that ends after the next one began deletes nothing of the newer model", async () => {
  await save(160);
  now += 1_000;
  const { version: slow } = await trainNow(services(), { dimensions: 16, epochs: 4 });
  const order = orders.at(-1) as TrainingOrder;
  const [steps, keptOfNewer] = [stepsOn(new Map()), new Map<string, string>()];
  const fulfilNewer = (diesAt?: Parameters<typeof stepsOn>[1]) =>
    fulfil(services(), stepsOn(keptOfNewer, diesAt), orders.at(-1) as TrainingOrder);
  await fulfil(
    services(),
    {
      ...steps,
      async do(name, work) {
        // The slow one serves and goes on, so slowly that the next one gets as far as its pointer in between.
        if (name === "look for old models" && keptOfNewer.size === 0) {
          now += 1_000;
          await trainNow(services(), { dimensions: 16, epochs: 4 });
          const stops = fulfilNewer((step) => (step === "remember what serves" ? "heard" : null));
          await expect(stops).rejects.toThrow(PowerCut);
        }
        return steps.do(name, work);
      },
    },
    order,
  );
  await fulfilNewer();
  const newer = (orders.at(-1) as TrainingOrder).version;
  expect(await serving()).toBe(newer);
  for (const version of [slow, newer]) {
    expect((await pinModelsOf(services().databases, version, pins)).size).toBe(pins.length);
    expect(await TASTE_INDEX.getByIds([`${version}.${pins[0]}`])).toHaveLength(1);
  }
});

test("two trainings never run at once, and one that died blocks for ten minutes", async () => {
  await save(160);
  const dead = await trainNow(services(), {});
  await expect(trainNow(services(), {})).rejects.toMatchObject({ code: "conflict" });
  now += 10 * 60_000 - 1;
  await expect(trainNow(services(), {})).rejects.toMatchObject({ code: "conflict" });
  now += 1;
  const { version } = await trainNow(services(), {});
  expect(await findModel(services().databases, dead.version)).toMatchObject({ status: "failed" });
  // The dead one wakes up and finds that it lost the lock.
  await expect(fulfil(services(), stepsOn(new Map()), orders[0] as TrainingOrder)).rejects.toThrow("given up for dead");
  expect(await findModel(services().databases, version)).toMatchObject({ status: "training" });
  expect(await findModel(services().databases, dead.version)).toMatchObject({ status: "failed" });
});

test("the clock starts a training when saves have grown by a tenth or after a day, at most hourly", async () => {
  await save(80);
  expect(await trainWhenDue(services())).toMatch(/^There are \d+ saves; a model needs 1000\.$/);
  expect(orders).toEqual([]);
  await save(140, { random: seededSequence(9) });
  expect(await trainWhenDue(services())).toMatch(/^Began to train m\w+ on \d+ saves\.$/);
  const trained = (await listModels(services().databases, 1))[0];
  expect(trained?.saves).toBeGreaterThanOrEqual(minSaves);
  now += hour - 1;
  expect(await trainWhenDue(services())).toMatch(/^The last training began less than an hour ago/);
  now += 1;
  expect(await trainWhenDue(services())).toMatch(/saves as before\.$/);
  await DB_0.prepare("DELETE FROM saves WHERE rowid IN (SELECT rowid FROM saves LIMIT 1)").run();
  expect(await trainWhenDue(services())).toMatch(/still fits: there are \d+ now\.$/);
  now += 24 * hour;
  expect(await trainWhenDue(services())).toMatch(/^Began/);
  now += hour;
  await save(200, { random: seededSequence(11) });
  expect(await trainWhenDue(services())).toMatch(/^Began/);
  expect(orders).toHaveLength(3);
});

test("the Workflow does the same over the service binding", async () => {
  await save(160);
  const service = (exports as { default: unknown }).default as JobsService;
  const { version, status } = await service.train({ dimensions: 16, epochs: 2 });
  expect(status).toBe("training");
  await vi.waitUntil(async () => (await findModel(services().databases, version))?.lockedUntil === 0, {
    timeout: 20_000,
    interval: 50,
  });
  expect(await findModel(services().databases, version)).toMatchObject({ status: "serving", dimensions: 16 });
  expect(await serving()).toBe(version);
});
