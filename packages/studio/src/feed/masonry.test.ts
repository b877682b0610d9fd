import { expect, test } from "vitest";
import { captionHeight, columnsOf, hang } from "./masonry.ts";

test("a phone has two columns, a desk has five, and they fill the wall", () => {
  for (const [width, count] of [
    [328, 2],
    [756, 3],
    [1376, 5],
  ] as const) {
    const columns = columnsOf(width);
    expect(columns.count).toBe(count);
    expect(columns.width * count + columns.gap * (count - 1)).toBeCloseTo(width);
  }
});

test("each picture hangs in the shortest column, the leftmost of equals", () => {
  const columns = { count: 2, width: 100, gap: 10 };
  const { places, height } = hang([1, 0.5, 1, 1], columns);
  expect(places).toEqual([
    { left: 0, top: 0, pictureHeight: 100 },
    { left: 110, top: 0, pictureHeight: 200 },
    { left: 0, top: 100 + captionHeight, pictureHeight: 100 },
    { left: 110, top: 200 + captionHeight, pictureHeight: 100 },
  ]);
  expect(height).toBe(300 + 2 * captionHeight);
});

test("what comes later moves nothing that hangs", () => {
  const ratios = Array.from({ length: 60 }, (_, i) => 0.5 + ((i * 7) % 11) / 8);
  const columns = columnsOf(1376);
  const before = hang(ratios.slice(0, 40), columns).places;
  const exchanged = [...ratios.slice(0, 25), ...ratios.slice(30).reverse()];
  expect(hang(ratios, columns).places.slice(0, 40)).toEqual(before);
  expect(hang(exchanged, columns).places.slice(0, 25)).toEqual(before.slice(0, 25));
});

test("no two pictures overlap", () => {
  const columns = columnsOf(900);
  const ratios = Array.from({ length: 100 }, (_, i) => 0.45 + ((i * 13) % 17) / 10);
  const bottoms = new Map<number, number>();
  for (const { left, top, pictureHeight } of hang(ratios, columns).places) {
    expect(top).toBe(bottoms.get(left) ?? 0);
    bottoms.set(left, top + pictureHeight + captionHeight);
  }
  expect(bottoms.size).toBe(columns.count);
});

test("an empty wall has no height", () => {
  expect(hang([], columnsOf(900))).toEqual({ places: [], height: 0 });
});
