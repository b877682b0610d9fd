import { seededSequence } from "@vitrine/vectors";
import { describe, expect, test } from "vitest";
import { Walk } from "./walk.ts";

describe("a walk", () => {
  test("shares out what leads to each pin", () => {
    const walk = new Walk();
    walk.add(7, 1);
    walk.add(9, 2);
    walk.add(7, 1);
    expect([walk.share(7), walk.share(9), walk.share(1)]).toEqual([0.5, 0.5, 0]);
    expect([...walk.shares()]).toEqual([
      [7, 0.5],
      [9, 0.5],
    ]);
  });

  test("that leads nowhere gives nothing to anyone", () => {
    expect(new Walk().share(3)).toBe(0);
    expect(new Walk().strongest(3)).toEqual(new Map());
  });

  test("keeps apart what it finds, however much it is, and knows the strongest in their order", () => {
    const random = seededSequence(3);
    const walk = new Walk();
    const told = new Map<number, number>();
    for (let i = 0; i < 20_000; i++) {
      const item = Math.floor(random() * 6_000) * 4_096;
      const weight = Math.ceil(random() * 4);
      walk.add(item, weight);
      told.set(item, (told.get(item) ?? 0) + weight);
    }
    const total = [...told.values()].reduce((sum, weight) => sum + weight, 0);
    const expected = [...told].map(([item, weight]): [number, number] => [item, weight / total]);
    expect(walk.total).toBe(total);
    expect([...walk.shares()]).toEqual(expected);
    expect(walk.share(expected[5_000]?.[0] ?? 0)).toBe(expected[5_000]?.[1]);
    const sorted = expected.toSorted((a, b) => b[1] - a[1] || a[0] - b[0]);
    expect([...walk.strongest(1_000)]).toEqual(sorted.slice(0, 1_000));
    expect([...walk.strongest(10_000)]).toEqual(sorted);
  });
});
