/** Whatever the network does, in the end D1, KV and the stores of all regions know the same as if it had done nothing. */
import {
  type ActionType,
  newBoardId,
  newPinId,
  newUserId,
  type PinId,
  type Region,
  regions,
  type UserId,
} from "@vitrine/contracts";
import { hashOfId } from "@vitrine/ranking";
import { quantise, seededSequence } from "@vitrine/vectors";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { beginAnew, DB_0, deliver, type Network, resend, savedByPages, stateOf, stateOfAll, storeOf } from "./world.ts";

const start = Date.now() - 60_000;
const users = ["ada", "bob"].map((name, i) => newUserId(name, { now: start, random: 0.1 + i / 10 }));
const [ada = "" as UserId] = users;
const board = newBoardId(ada, { now: start, random: 0.3 });
const pins = Array.from({ length: 4 }, (_, i) => newPinId(ada, { now: start + i, random: 0.4 }));
const places: readonly Region[] = ["weur", "oc", "enam"];

const embeddingOf = (pin: PinId) =>
  quantise(Float32Array.from({ length: 128 }, (_, d) => (d === pins.indexOf(pin) ? 1 : 0.01)));

beforeAll(async () => {
  const original = DB_0.prepare(
    "INSERT INTO originals (hash, content_type, bytes, embedding, first_pin_id, created_at) VALUES (?, 'image/jpeg', 1, ?, ?, 1)",
  );
  const pin = DB_0.prepare(
    "INSERT INTO pins (id, user_id, board_id, original_hash, status, created_at, updated_at) VALUES (?, 'nobody', ?, ?, 'ready', 1, 1)",
  );
  await DB_0.batch(pins.flatMap((id) => [original.bind(id, embeddingOf(id), id), pin.bind(id, board, id)]));
});

beforeEach(() => {
  vi.spyOn(console, "error").mockReturnValue(undefined); // what is lost is said, and expected
});

afterEach(() => {
  vi.useRealTimers();
});

type Step =
  | { does: "save" | "unsave" | "follow" | "unfollow"; user: UserId; pin: PinId; region: Region; at: number }
  | { does: "event"; id: string; type: ActionType; user: UserId; pin: PinId; region: Region; at: number };

/** Two users, four pins and three regions: much is done to the same pin in several regions, some within one millisecond. */
function drawSteps(random: () => number, length: number): Step[] {
  const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  let clock = start;
  return Array.from({ length }, (_, i): Step => {
    clock += random() < 0.3 ? 0 : 1 + Math.floor(random() * 1_000);
    const where = { user: oneOf(users), pin: oneOf(pins), region: oneOf(places) };
    const does = oneOf(["save", "save", "unsave", "follow", "unfollow", "event", "event"] as const);
    if (does !== "event") return { does, ...where, at: clock };
    const type = oneOf(["view", "closeup", "click", "hide"] as const);
    // A phone without a network reports late.
    return { does, id: `event.${i}`, type, ...where, at: clock - Math.floor(random() * 3_000) };
  });
}

/** What the edge does for the step: D1 where it writes, then the region's store; some clients send twice. */
async function take(step: Step, { random, loss }: Network): Promise<void> {
  const { user, pin, region, at } = step;
  const store = storeOf(region);
  const keep = async (id: string, type: ActionType) => {
    const action = { id, pinId: pin, type, occurredAt: at, embedding: embeddingOf(pin), taste: null };
    for (let times = random() < loss ? 2 : 1; times > 0; times--) await store.record(user, region, [action]);
  };
  switch (step.does) {
    case "save": {
      const save =
        "INSERT OR IGNORE INTO saves (user_id, pin_id, board_id, created_at) VALUES (?, ?, ?, ?) RETURNING 1";
      const { results } = await DB_0.prepare(save).bind(user, pin, board, at).all();
      return results.length > 0 ? keep(`save.${user}.${pin}.${at}`, "save") : undefined;
    }
    case "unsave":
      await DB_0.prepare("DELETE FROM saves WHERE user_id = ? AND pin_id = ?").bind(user, pin).run();
      return store.change(user, { pinId: pin, type: "save", at });
    case "follow":
    case "unfollow": {
      const holds = step.does === "follow";
      const write = holds
        ? "INSERT OR IGNORE INTO follows (follower_id, target_id, created_at) VALUES (?, ?, 1)"
        : "DELETE FROM follows WHERE follower_id = ? AND target_id = ?";
      await DB_0.prepare(write).bind(user, board).run();
      return store.change(user, { relation: "follow", targetId: board, holds, at });
    }
    case "event":
      return keep(`${user}.${step.id}`, step.type);
  }
}

async function play(steps: readonly Step[], network: Network) {
  await beginAnew(users);
  for (const step of steps) {
    await take(step, network);
    if (network.loss === 0 || network.random() < 0.3) await deliver(network);
    if (network.loss > 0 && network.random() < 0.1) await resend();
  }
  // The weather clears: what was lost is sent again until nothing waits.
  for (let round = 0; round < 20; round++) {
    await deliver({ ...network, loss: round < 3 ? network.loss : 0 });
    if ((await resend()) === 0) break;
  }
  expect(await resend()).toBe(0);
  return { all: await stateOfAll(users), stores: await Promise.all(regions.map(stateOf)) };
}

test.each([1, 2, 3])("losses, doubles, delays and another order leave the same state everywhere (%i)", async (seed) => {
  const steps = drawSteps(seededSequence(seed), 40);
  const calm = await play(steps, { random: seededSequence(seed), loss: 0 });
  const stormy = await play(steps, { random: seededSequence(seed + 100), loss: 0.3 });
  for (const [i, region] of regions.entries()) {
    expect(calm.stores[i], `the store of ${region}`).toEqual(calm.stores[0]);
    expect(stormy.stores[i], `the store of ${region} after a storm`).toEqual(calm.stores[0]);
  }
  expect(stormy.all).toEqual(calm.all);
  expect(calm.stores[0]?.[0]?.length).toBeGreaterThan(5);
}, 60_000);

test.each([
  1, 2, 3,
])("at any moment a page of the region takes for saved what D1 does, whatever is lost (%i)", async (seed) => {
  await beginAnew(users);
  const random = seededSequence(seed);
  const network = { random: seededSequence(seed + 50), loss: 0.3 };
  let clock = start;
  for (let i = 0; i < 60; i++) {
    clock += 1 + Math.floor(random() * 1_000);
    vi.useFakeTimers({ toFake: ["Date"], now: clock });
    const user = users[Math.floor(random() * users.length)] as UserId;
    const pin = pins[Math.floor(random() * pins.length)] as PinId;
    await take({ does: random() < 0.55 ? "save" : "unsave", user, pin, region: "weur", at: clock }, network);
    if (random() < 0.4) await deliver(network);
    if (random() < 0.1) await resend();
    const { results } = await DB_0.prepare("SELECT pin_id AS id FROM saves WHERE user_id = ?").bind(user).all();
    const saved = results.map(({ id }) => hashOfId(String(id)));
    expect(await savedByPages("weur", user), `after step ${i}`).toEqual(new Set(saved));
  }
}, 60_000);
