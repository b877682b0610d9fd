/** Saves in one region, and pages asked for in all of them until each knows. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Board, FeedPage, Pin, Region, User } from "@vitrine/contracts";
import { seededSequence } from "@vitrine/vectors";
import { eachOf } from "../import/pool.ts";
import type { Secrets } from "../secrets.ts";
import { type Scope, signToken } from "../token.ts";
import type { Observation } from "./report.ts";

/** On two continents and the far side of the world. */
export const simulated: readonly Region[] = ["weur", "enam", "apac"];

/** A page of 100 shows them all, so a pin that is missing is one that the page knows as saved. */
const pinCount = 40;
/** Half of the pins stay unsaved by each: a page without those is no answer to whether it knows the save. */
const savesPerUser = pinCount / 2;
/** Saves that are watched at a time: more would measure this machine. */
const atATime = 6;
const pollMillis = 250;
/** After this a save is taken as never seen. */
const giveUpMillis = 60_000;

export interface World {
  url: string;
  secrets: Secrets;
}

/** Makes the pins and users, waits until their pages are whole, saves, and watches. */
export async function observe(
  world: World,
  { saves, seed, onSaved }: { saves: number; seed: number; onSaved: (saved: number) => void },
): Promise<Observation[]> {
  const random = seededSequence(seed);
  const pins = await makePins(world);
  const readers = await makeReaders(world, Math.ceil(saves / savesPerUser));
  const page = await pageWith(world, readers[0] ?? "", "weur");
  if (!pins.every((pin) => page.has(pin))) throw new Error("a page of 100 does not show the 40 pins that there are");
  const plans = Array.from({ length: saves }, (_, i) => ({
    token: readers[i % readers.length] ?? "",
    pin: pins[Math.floor(i / readers.length)] ?? "",
    control: pins.slice(savesPerUser),
    from: simulated[Math.floor(random() * simulated.length)] ?? "weur",
  }));
  const observations: Observation[] = [];
  await eachOf(plans, atATime, async (plan) => {
    observations.push(await watch(world, plan));
    onSaved(observations.length);
  });
  return observations;
}

interface Plan {
  token: string;
  pin: string;
  /** Pins that the reader never saves. */
  control: readonly string[];
  from: Region;
}

async function watch(world: World, { token, pin, control, from }: Plan): Promise<Observation> {
  await request(world, `/v1/saves?region=${from}`, { token, json: { pinId: pin } });
  const savedAt = performance.now();
  const knows = async (region: Region) => {
    const page = await pageWith(world, token, region);
    return control.every((each) => page.has(each)) && !page.has(pin);
  };
  const isInNextPage = await knows(from);
  const others = simulated.filter((region) => region !== from);
  const seenAfter = others.map(async (to) => {
    while (performance.now() - savedAt < giveUpMillis) {
      if (await knows(to)) return { to, millis: performance.now() - savedAt };
      await sleep(pollMillis);
    }
    return { to, millis: Number.POSITIVE_INFINITY };
  });
  return { from, isInNextPage, seenAfter: await Promise.all(seenAfter) };
}

async function pageWith(world: World, token: string, region: Region): Promise<Set<string>> {
  const { items } = await request<FeedPage>(world, `/v1/feed?region=${region}&limit=100`, { token });
  return new Set(items.map(({ pin }) => pin.id));
}

/** Pins of words alone: ready at once, and no picture has to be made. */
async function makePins(world: World): Promise<string[]> {
  const maker = await makeUser(world, "maker");
  const board = await request<Board>(world, "/v1/boards", { token: maker, json: { name: "Simulated" } });
  const pins: string[] = [];
  for (let i = 0; i < pinCount; i++) {
    const json = { boardId: board.id, title: `Pin ${i}` };
    pins.push((await request<Pin>(world, "/v1/pins", { token: maker, json })).id);
  }
  return pins;
}

async function makeReaders(world: World, count: number): Promise<string[]> {
  const readers: string[] = [];
  for (let i = 0; i < count; i++) {
    const token = await makeUser(world, `reader-${i}`);
    await request(world, "/v1/boards", { token, json: { name: "Saved" } });
    readers.push(token);
  }
  return readers;
}

async function makeUser(world: World, handle: string): Promise<string> {
  const user = await request<User>(world, "/v1/users", { token: await tokenOf(world, "service"), json: { handle } });
  return tokenOf(world, "writer", user.id);
}

/** Longer than the longest simulation. */
const tokenSeconds = 24 * 3600;

function tokenOf({ secrets }: World, scope: Scope, userId?: User["id"]): Promise<string> {
  return signToken(secrets.JWT_SECRET, { scope, userId, expiresInSeconds: tokenSeconds });
}

async function request<T>(
  { url }: World,
  path: string,
  { token, json }: { token: string; json?: unknown },
): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = json === undefined ? {} : { method: "POST", body: JSON.stringify(json) };
  const response = await fetch(url + path, { headers, ...body });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
