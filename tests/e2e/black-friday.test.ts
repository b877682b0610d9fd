/**
 * The rule of Black Friday over HTTP: the stack as it is deployed, and the index, D1, KV and the region's store failing or
 * hanging one by one and all together while it runs. `workers/edge/feed/black-friday.test.ts` has every combination.
 *
 * Of the users the isolate has the embedding of `regular` in memory; for `stranger` and `another` it has to ask. Each
 * region had one good page before a model was trained: with the model all its fragments are cold, since none was made of
 * it, and that page's trending is the last that was good.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DirectStack, startDirectStack } from "@vitrine/cli";
import { createClient } from "@vitrine/client";
import { type BulkOperation, type FeedPage, newBoardId, newPinId, newUserId, type Region } from "@vitrine/contracts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { tokenFor } from "./api.ts";
import { edgeInStorm } from "./storm/edge-in-storm.ts";
import { type Dependency, dependencies, type Storm, stormPath } from "./storm/in-storm.ts";

/** A page takes 4 s at most by its deadlines, and what has none is given up after ten: between these, for a slow machine. */
const patienceMillis = 8_000;
const pageSize = 20;

const now = Date.now();
const handleOf = (i: number) => `friday-${i}`;
const idOf = (i: number) => newUserId(handleOf(i), { now, random: i / 101 });
/** Of the pins, which are not for its own feed. */
const owner = idOf(100);
const boardId = newBoardId(owner, { now, random: 0.5 });
const pins = Array.from({ length: 120 }, (_, i) => newPinId(owner, { now, random: i / 120 }));
const users = Array.from({ length: 100 }, (_, i) => idOf(i));
const [regular = owner, stranger = owner, another = owner] = users;

/** In the second region the same by silence. */
const table: { name: string; down: readonly Dependency[]; user: string; regions: Region[]; missing: string[] }[] = [
  { name: "the region's store", down: ["store"], user: regular, regions: ["me", "me"], missing: ["recent-actions"] },
  { name: "the index", down: ["index"], user: regular, regions: ["weur", "eeur"], missing: ["taste"] },
  { name: "KV", down: ["kv"], user: stranger, regions: ["enam", "wnam"], missing: ["user-embedding"] },
  { name: "D1", down: ["d1"], user: regular, regions: ["sam", "afr"], missing: ["fresh", "taste", "trending"] },
  {
    name: "everything",
    down: dependencies,
    user: another,
    regions: ["apac", "apac"],
    missing: ["fresh", "recent-actions", "trending", "user-embedding"],
  },
];

const log: string[] = [];
let folder: string;
let stack: DirectStack;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-storm-"));
  stack = await startDirectStack({ stateDir: folder, edgeEntry: edgeInStorm, onLog: (line) => log.push(line) });
  const token = await tokenFor(undefined, "service", stack.secrets.JWT_SECRET);
  const { bulk, models } = createClient({ baseUrl: stack.url, token });
  expect(await bulk.load([...catalogue()])).toMatchObject({ refused: 0, problems: [] });
  for (const region of table.flatMap(({ regions }) => regions)) {
    expect(await feed(null, region)).toMatchObject({ degraded: [] });
  }
  const { version } = await models.train({ dimensions: 8, epochs: 1 });
  await vi.waitFor(async () => expect((await models.get(version)).status).toBe("serving"), { timeout: 60_000 });
  await vi.waitFor(async () => {
    const { items, degraded } = await feed(regular, "oc");
    expect(items.map(({ reason }) => reason)).toContain("taste");
    expect(degraded).toEqual([]);
  }, 10_000);
});

afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(".vitrine", { recursive: true });
  writeFileSync(".vitrine/black-friday.log", log.join("\n")); // what to read when a test failed
});

/** Pins of words alone in ten groups, and users who save of one group alone. */
function* catalogue(): Generator<BulkOperation> {
  for (const [i, id] of [...users, owner].entries()) yield { op: "user", id, handle: handleOf(i), name: "Somebody" };
  yield { op: "board", id: boardId, ownerId: owner, name: "Pins", visibility: "public" };
  for (const id of pins) yield { op: "pin", id, userId: owner, boardId, title: "A pin", description: "" };
  for (const [i, userId] of users.entries()) {
    const group = pins.filter((_, n) => n % 10 === i % 10);
    for (const pinId of group.toSpliced(i % 12, 2)) yield { op: "save", userId, pinId };
  }
}

async function feed(userId: string | null, region: Region | undefined): Promise<FeedPage> {
  const secret = stack.secrets.JWT_SECRET;
  const headers = userId ? { authorization: `Bearer ${await tokenFor(userId, "reader", secret)}` } : {};
  const response = await fetch(`${stack.url}/v1/feed?region=${region}&limit=${pageSize}`, {
    headers,
    signal: AbortSignal.timeout(patienceMillis),
  });
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as FeedPage;
}

async function raise(storm: Storm): Promise<void> {
  const response = await fetch(stack.url + stormPath, { method: "PUT", body: JSON.stringify(storm) });
  expect(response.status).toBe(204);
}

test.each(
  table.flatMap((row) => (["error", "silence"] as const).map((by, i) => ({ ...row, by, region: row.regions[i] }))),
)("down: $name by $by", async ({ down, by, region, user, missing }) => {
  await raise({ down, by });
  const { items, degraded } = await feed(user, region);
  expect(items).toHaveLength(pageSize);
  // That there is no codebook is known for two seconds, and then without KV it is not.
  expect(degraded.filter((name) => name !== "codebook").toSorted()).toEqual(missing);
  if (missing.includes("trending")) expect(new Set(items.map(({ reason }) => reason))).toEqual(new Set(["trending"]));
});
