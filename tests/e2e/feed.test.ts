import type { FeedPage } from "@vitrine/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { type Caller, call, callJson, newBoard, newCaller, tokenFor, untilSettled, upload } from "./api.ts";
import { hasPhotos, photosByClass } from "./pictures.ts";

const photosPerClass = 36;
const savesPerUser = 12;

describe.skipIf(!hasPhotos)("the feed over real photos (skipped without the data folder)", () => {
  const pinsOf = new Map<string, string[]>();
  let classOf: Map<string, string>;

  beforeAll(async () => {
    const owner = await newCaller("curator");
    for (const [name, photos] of photosByClass(photosPerClass)) {
      const board = await newBoard(owner);
      const pins: string[] = [];
      for (let i = 0; i < photos.length; i += 6) {
        pins.push(...(await Promise.all(photos.slice(i, i + 6).map((photo) => upload(owner, board, photo)))));
      }
      pinsOf.set(name, pins);
    }
    const all = [...pinsOf.values()].flat();
    for (const pin of await untilSettled(all)) expect(pin.status, pin.failure ?? "").toBe("ready");
    classOf = new Map([...pinsOf].flatMap(([name, pins]) => pins.map((pin) => [pin, name] as const)));
    await callJson("/v1/jobs/codebook", 200, { token: await tokenFor(undefined, "service"), method: "POST" });
  });

  test("two users who saved shoes and dresses get different feeds, each with twice its own class or more", async () => {
    const pages = new Map<string, string[]>();
    for (const taste of ["shoes", "dress"]) {
      const user = await newUserWhoSaved(pinsOf.get(taste)?.slice(0, savesPerUser) ?? []);
      const page = await feed(user, "?limit=20");
      expect(page.items).toHaveLength(20);
      expect(page.degraded).toEqual([]);
      const own = page.items.filter((item) => classOf.get(item.pin.id) === taste).length / 20;
      const inCatalogue = photosPerClass / classOf.size;
      expect(own, taste).toBeGreaterThanOrEqual(2 * inCatalogue);
      pages.set(
        taste,
        page.items.map((item) => item.pin.id),
      );
    }
    const shared = pages.get("shoes")?.filter((pin) => pages.get("dress")?.includes(pin)) ?? [];
    expect(shared.length).toBeLessThan(10);
  });

  test("one more save is seen in the very next feed", async () => {
    const user = await newUserWhoSaved(pinsOf.get("hat")?.slice(0, 5) ?? []);
    const before = await feed(user, "?limit=20");
    const target = pinsOf.get("pants")?.[20] ?? "";
    await save(user, target);
    const after = await feed(user, "?limit=20");
    expect(after.items.map((item) => item.pin.id)).not.toEqual(before.items.map((item) => item.pin.id));
    expect(after.items.map((item) => item.pin.id)).not.toContain(target);
  });

  test("the second user of like taste in a region costs no index call; in another region it does", async () => {
    const saved = pinsOf.get("shorts")?.slice(0, savesPerUser) ?? [];
    const [first, second, elsewhere] = [
      await newUserWhoSaved(saved, "apac"),
      await newUserWhoSaved(saved, "apac"),
      await newUserWhoSaved(saved, "oc"),
    ];
    await callsToIndex(first, "?region=apac");
    expect(await callsToIndex(second, "?region=apac")).toBe(0);
    expect(await callsToIndex(elsewhere, "?region=oc")).toBeGreaterThan(0);
  });

  test("pages never repeat a pin and end", async () => {
    const user = await newUserWhoSaved(pinsOf.get("skirt")?.slice(0, 6) ?? []);
    const seen: string[] = [];
    let cursor: string | null = "";
    for (let page = 0; cursor !== null && page < 12; page++) {
      const answer: FeedPage = await feed(
        user,
        `?limit=50${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      seen.push(...answer.items.map((item) => item.pin.id));
      cursor = answer.cursor;
    }
    expect(seen.length).toBeGreaterThan(200);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("a user with no saves gets what trends and what is fresh", async () => {
    const page = await feed(await newCaller("newcomer"), "?limit=20");
    expect(page.items).toHaveLength(20);
    const reasons = new Set(page.items.map((item) => item.reason));
    expect(reasons.has("fresh") || reasons.has("trending")).toBe(true);
    expect(reasons.has("interest")).toBe(false);
  });

  test("a hidden pin and an event sent twice leave the right traces", async () => {
    const user = await newCaller("hider");
    const page = await feed(user, "?limit=20");
    const hidden = page.items[0]?.pin.id;
    const json = { events: [{ id: `hide-${user.id}`, type: "hide", pinId: hidden }] };
    expect(await callJson("/v1/events", 202, { token: user.token, json })).toMatchObject({
      accepted: 1,
      duplicates: 0,
    });
    expect(await callJson("/v1/events", 202, { token: user.token, json })).toMatchObject({
      accepted: 0,
      duplicates: 1,
    });
    expect((await feed(user, "?limit=100")).items.map((item) => item.pin.id)).not.toContain(hidden);
  });
});

test("a tampered cursor is refused with a sentence", async () => {
  const user = await newCaller("tamperer");
  const response = await call("/v1/feed?cursor=eyJwYWdlIjoxfQ.AAAA", { token: user.token });
  expect(response.status).toBe(400);
  expect(((await response.json()) as { detail: string }).detail).toMatch(/cursor/);
});

async function newUserWhoSaved(pins: readonly string[], region?: string): Promise<Caller> {
  const user = await newCaller("saver");
  for (const pin of pins) await save(user, pin, region);
  return user;
}

async function save(user: Caller, pinId: string, region?: string): Promise<void> {
  const path = region === undefined ? "/v1/saves" : `/v1/saves?region=${region}`;
  const response = await call(path, { token: user.token, json: { pinId } });
  expect(response.status, await response.text()).toBe(201);
}

function feed(user: Caller, query: string): Promise<FeedPage> {
  return callJson<FeedPage>(`/v1/feed${query}`, 200, { token: user.token });
}

async function callsToIndex(user: Caller, query: string): Promise<number> {
  const response = await call(`/v1/feed${query}`, { token: user.token });
  expect(response.status).toBe(200);
  await response.text();
  const calls = /index;desc="(\d+) calls?"/.exec(response.headers.get("server-timing") ?? "")?.[1];
  if (calls === undefined) throw new Error(`no index count in ${response.headers.get("server-timing")}`);
  return Number(calls);
}
