import type { FeedPage, PinId, UserId } from "@vitrine/contracts";
import { itemsOf, savesOf } from "@vitrine/training";
import { expect, test } from "vitest";
import type { Asking } from "../measures/asking.ts";
import { worldOf } from "../measures/world.ts";
import { askCatalogue, askFeeds, askSampled, pairedDifference, rankOf } from "./questions.ts";

const items = 1200;
const world = worldOf(items);
const saves = savesOf([[0, 1], [2]], items);
const data = {
  saves,
  heldOut: Uint32Array.of(7, 9),
  negativesOf: (user: number) => Uint16Array.from({ length: 20 }, (_, n) => 100 + user + n),
  negativesPerUser: 20,
  takenOut: 0,
};
const itemOf = new Map(world.pinIds.map((pinId, item) => [pinId as string, item]));
const idOf = (user: number) => `usr_${user}` as UserId;

/** Answers by a score for an item; what is asked is kept. */
function askingBy(score: (item: number) => number, page: readonly number[] = []) {
  const asked: { pinIds: readonly string[]; limit: number | undefined }[] = [];
  const asking: Asking = {
    troubles: { errors: {}, degraded: {} },
    async rank(_user, pinIds, limit) {
      asked.push({ pinIds, limit });
      const ranked = pinIds.map((pinId) => ({ pinId: pinId as PinId, score: score(itemOf.get(pinId) ?? -1) }));
      ranked.sort((a, b) => b.score - a.score);
      return { items: ranked.slice(0, limit), unknownPins: [], model: null, degraded: [] };
    },
    async feed() {
      const pins = page.map((item) => ({ pin: { id: world.pinIds[item] }, reason: "taste", score: 1 }));
      return { items: pins, cursor: null, region: "weur", degraded: [] } as unknown as FeedPage;
    },
  };
  return { asking, asked };
}

test("a held-out pin is asked for once, among its negatives, in no telling place", async () => {
  const { asking, asked } = askingBy((item) => -item);
  const figures = await askSampled({ asking, world, data }, [0, 1], idOf);
  expect(figures).toMatchObject({ users: 2, hitRateAt10: 1, ndcgAt10: 1 });
  const places = asked.map(({ pinIds }, user) => {
    expect(new Set(pinIds).size).toBe(21);
    return pinIds.indexOf(world.pinIds[data.heldOut[user] ?? 0] ?? "");
  });
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).not.toEqual([0, 0]);
  expect(places).not.toEqual([20, 20]);
});

test("a constant score finds nothing, and neither does no answer", async () => {
  const { asking } = askingBy(() => 1);
  expect((await askSampled({ asking, world, data }, [0, 1], idOf)).hitRateAt10).toBe(0);
  const silent: Asking = { ...asking, rank: async () => null, feed: async () => null };
  expect(await askSampled({ asking: silent, world, data }, [0], idOf)).toMatchObject({ users: 1, hitRateAt10: 0 });
  expect((await askFeeds({ asking: silent, world, data }, [0], idOf)).figures).toMatchObject({
    users: 1,
    hitRateAt10: 0,
  });
});

test("a rank is by score, not by place; what is not there has none", () => {
  const ranked = [
    { pinId: "a", score: 1 },
    { pinId: "b", score: 3 },
    { pinId: "c", score: 1 },
  ];
  expect(["a", "b", "c", "d"].map((pinId) => rankOf(pinId, ranked))).toEqual([2, 0, 2, Number.POSITIVE_INFINITY]);
});

test("pages count by place, to ten, and cover what is on them", async () => {
  const { asking } = askingBy(() => 0, [30, 7, 31]);
  const { figures, ranks, reasons } = await askFeeds({ asking, world, data }, [0, 1], idOf);
  expect(figures).toMatchObject({ hitRateAt10: 0.5, ndcgAt10: 0.5 / Math.log2(3), coverageAt10: 3 / items });
  expect([...ranks]).toEqual([
    [0, 1],
    [1, Number.POSITIVE_INFINITY],
  ]);
  expect(reasons).toEqual({ taste: 6 });
});

test("all pins but the saved ones are asked about, in parts, and the best of all parts make the page", async () => {
  const { asking, asked } = askingBy((item) => item % 700);
  const { figures, ranks } = await askCatalogue({ asking, world, data }, [0], idOf);
  const all = asked.flatMap(({ pinIds }) => pinIds);
  expect(new Set(all).size).toBe(items - itemsOf(saves, 0).length);
  expect(all).toHaveLength(items - 2);
  expect(asked.every(({ pinIds, limit }) => pinIds.length <= 500 && limit === 10)).toBe(true);
  expect(ranks.get(0)).toBe(Number.POSITIVE_INFINITY);
  const high = askingBy((item) => (item === 7 ? 1e6 : item));
  expect((await askCatalogue({ asking: high.asking, world, data }, [0], idOf)).figures.ndcgAt10).toBe(1);
  expect(figures.coverageAt10).toBe(10 / items);
});

test("a difference is of the users that both were asked about", () => {
  const feed = new Map([
    [1, 0],
    [2, 30],
    [3, 5],
    [4, 2],
  ]);
  const exact = new Map([
    [1, 1],
    [2, 9],
    [3, Number.POSITIVE_INFINITY],
    [4, 3],
    [5, 0],
  ]);
  const paired = pairedDifference(feed, exact);
  expect(paired).toMatchObject({ users: 4, difference: 0, relative: 0 });
  expect(paired.differenceError).toBeCloseTo(Math.sqrt(0.5 / 3), 12);
  expect(pairedDifference(new Map([[1, 50]]), new Map([[1, 0]]))).toMatchObject({ difference: -1, relative: -1 });
});
