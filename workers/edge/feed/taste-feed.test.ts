import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { type FeedPage, type FeedReason, newUserId, type PinId, type Region, type UserId } from "@vitrine/contracts";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { recordActions, tellOfChange } from "../activity.ts";
import { servicesOf } from "../adapters/services.ts";
import type { Services } from "../context.ts";
import { bindings, type Catalogue, drawCatalogue } from "../testing/catalogue.ts";
import { type DrawnModel, drawModel } from "../testing/drawn-model.ts";
import { savesOf } from "../testing/saves.ts";
import { type Calls, noCalls, serverTiming } from "./calls.ts";
import { type FeedRequest, feedPage } from "./feed-page.ts";

const styles = ["shoes", "dresses", "hats", "coats", "lamps", "plants", "cars", "cakes"] as const;
let catalogue: Catalogue;
let model: DrawnModel;
let userCount = 0;

beforeAll(async () => {
  catalogue = await drawCatalogue(bindings, styles, { pinsPerStyle: 60 });
  model = await drawModel(bindings, servicesFor({ waitUntil: () => undefined }).databases, catalogue);
  // Words alone, and older than what is new: nothing but the model tells them apart.
  await bindings.DB_0.batch([
    bindings.DB_0.prepare("UPDATE pins SET original_hash = NULL, created_at = created_at - 864000000"),
    bindings.DB_0.prepare("DELETE FROM originals"),
  ]);
});

beforeEach(() => {
  for (const index of [catalogue.index, model.index]) Object.assign(index, { isDown: false, isHanging: false });
});

const newUser = () => newUserId(`taster-${++userCount}`, { now: Date.now(), random: 0.5 });
const pinsOf = (style: string) => catalogue.pins.filter((pin) => pin.style === style);
const styleOf = (id: PinId) => catalogue.pins.find((pin) => pin.id === id)?.style;
const idsOf = ({ items }: FeedPage) => items.map(({ pin }) => pin.id);

function servicesFor(context: Pick<ExecutionContext, "waitUntil">): Services {
  const real = servicesOf(bindings, context, new Request("http://edge/"));
  return model ? { ...real, visualIndex: catalogue.index, tasteIndex: model.index } : real;
}

async function ask(
  request: Partial<FeedRequest>,
  overrides: Partial<Services> = {},
): Promise<{ page: FeedPage; calls: Calls }> {
  const context = createExecutionContext();
  const calls = noCalls();
  const asked = { userId: null, region: "weur" as const, limit: 25, cursor: undefined, ...request };
  const page = await feedPage({ ...servicesFor(context), ...overrides }, asked, calls);
  await waitOnExecutionContext(context);
  return { page, calls };
}

const save = (userId: UserId, region: Region, pins: readonly { id: PinId }[]) =>
  recordActions(servicesFor({ waitUntil: () => undefined }), userId, region, savesOf(userId, pins));

test("pins of words alone come by the taste learned from saves, without a picture to go by", async () => {
  const user = newUser();
  await save(user, "weur", pinsOf("lamps").slice(0, 4));
  const { page, calls } = await ask({ userId: user });
  expect(page.items.slice(0, 20).map(({ pin }) => styleOf(pin.id))).toEqual(Array(20).fill("lamps"));
  expect(page.items.every(({ pin }) => pin.renditions === null)).toBe(true);
  expect(page.degraded).toEqual([]);
  expect(calls.index).toBeGreaterThan(0);
  const second = newUser();
  await save(second, "weur", pinsOf("lamps").slice(10, 14));
  const warm = await ask({ userId: second });
  expect(warm.calls.index).toBe(0);
  expect(warm.page.items.slice(0, 20).every(({ pin }) => styleOf(pin.id) === "lamps")).toBe(true);
});

test("a page says why: of the taste, and because of a saved pin, which is one of the user's", async () => {
  const user = newUser();
  const saved = pinsOf("hats").slice(0, 3);
  await save(user, "weur", saved);
  for (let pages = 0; pages < 3; pages++) await ask({ userId: user }); // neighbours are made behind, one a page
  const { page } = await ask({ userId: user });
  const reasons = new Set<FeedReason>(page.items.map(({ reason }) => reason));
  expect(reasons).toContain("neighbours");
  for (const { reason, because, pin } of page.items) {
    if (reason !== "neighbours") expect(because).toBeUndefined();
    else expect(saved.map(({ id }) => id)).toContain(because);
    if (reason === "neighbours") expect(styleOf(pin.id)).toBe("hats");
  }
  const { keys } = await bindings.KV.list({ prefix: "fragment:" });
  const kinds = new Set(keys.map(({ name }) => name.split(":").at(-2)));
  expect(kinds).toContain("taste");
  expect(kinds).not.toContain("neighbours");
});

test("a cold interest is answered for by a near one that is warm, and made behind the answer", async () => {
  const [first, second] = [newUser(), newUser()];
  const oneOf = (...wanted: (typeof styles)[number][]) => wanted.flatMap((style) => pinsOf(style).slice(0, 1));
  await save(first, "sam", oneOf("lamps", "plants", "cars", "cakes"));
  await ask({ userId: first, region: "sam" });
  // The four interests of the second user are the other four: all cold.
  await save(second, "sam", oneOf("shoes", "dresses", "hats", "coats"));
  model.index.isHanging = true;
  const { page, calls } = await ask({ userId: second, region: "sam" }, { waitUntil: () => undefined });
  expect(page.items.length).toBe(25);
  expect(page.items.map(({ reason }) => reason)).toContain("taste");
  expect(page.degraded).toEqual([]);
  expect(calls.behind).toBeGreaterThan(0);
  expect(serverTiming(calls, 1)).toMatch(/behind;desc="\d+ fragments"/);
});

test("a scroll never repeats a pin and stays full to the end of the catalogue", async () => {
  const user = newUser();
  await save(user, "oc", pinsOf("coats").slice(0, 3));
  const seen: PinId[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const { page }: { page: FeedPage } = await ask({ userId: user, region: "oc", limit: 60, cursor });
    seen.push(...idsOf(page));
    cursor = page.cursor;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBe(styles.length * 60 - 3);
});

test("with the taste's index down the page is made of the rest, and says so", async () => {
  const user = newUser();
  await save(user, "afr", pinsOf("shoes").slice(0, 3));
  model.index.isDown = true;
  const { page } = await ask({ userId: user, region: "afr" });
  expect(page.items).toHaveLength(25);
  expect(page.degraded).toEqual(["taste"]);
});

test("after an unsave the very next page is that of who never saved the pin, though KV has it in the taste", async () => {
  const [never, once] = [newUser(), newUser()];
  const kept = pinsOf("shoes").slice(0, 5);
  const [car] = pinsOf("cars");
  if (!car) throw new Error("there are cars");
  const load = bindings.DB_0.prepare("INSERT INTO saves (user_id, pin_id, board_id, created_at) VALUES (?, ?, ?, ?)");
  await bindings.DB_0.batch([
    ...kept.map(({ id, boardId }, i) => load.bind(never, id, boardId, 1_000 - i)),
    ...kept.map(({ id, boardId }, i) => load.bind(once, id, boardId, 1_000 - i)),
    load.bind(once, car.id, car.boardId, 998),
  ]);
  const region = "me";
  // Fragments that a page goes without are made behind it.
  for (let pages = 0; pages < 4; pages++) for (const userId of [never, once]) await ask({ userId, region });
  const firstOf = ({ items }: FeedPage) => items.slice(0, 20).map(({ pin, because }) => [pin.id, because]);
  const { page: like } = await ask({ userId: never, region });
  const { page: before } = await ask({ userId: once, region });
  expect(before.items.map(({ pin }) => styleOf(pin.id))).toContain("cars");
  expect(firstOf(before)).not.toEqual(firstOf(like));
  const services = servicesFor({ waitUntil: () => undefined });
  await tellOfChange(services, once, { region, change: { pinId: car.id, type: "save", at: Date.now() } });
  const { page: after, calls } = await ask({ userId: once, region });
  expect(firstOf(after)).toEqual(firstOf(like));
  expect(calls).toMatchObject({ index: 0, d1: 0 });
});
