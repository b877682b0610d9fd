import { seededSequence } from "@vitrine/vectors";
import { describe, expect, test } from "vitest";
import { Ials, type IalsSettings, ridgeOf, type Side } from "./ials.ts";
import { Kernels } from "./kernels.ts";
import { countsOf, itemsOf, type Saves, transposed } from "./saves.ts";
import { drawnSaves, kernelModule, solved } from "./testing/drawn-saves.ts";

const byUser = drawnSaves({ users: 500, items: 40, themes: 4, perUser: 14 }, seededSequence(3));
const byItem = transposed(byUser);
const settings: IalsSettings = {
  dimensions: 8,
  regularisation: 0.05,
  unobservedWeight: 0.02,
  regularisationExponent: 1,
  initialDeviation: 0.5,
  seed: 5,
};

describe.each([4, 8, 12, 20])("with %i dimensions", (dimensions) => {
  test.each(["users", "items"] as const)("%s are the exact solution of their normal equations", (side) => {
    const ials = new Ials(new Kernels(kernelModule()), { byUser, byItem }, { ...settings, dimensions });
    ials.orient("items");
    ials.solve("users", 0, byUser.users);
    if (side === "items") {
      ials.orient("users");
      ials.solve("items", 0, byItem.users);
    }
    const other: Side = side === "users" ? "items" : "users";
    const expected = naive(side === "users" ? byUser : byItem, ials.factors(other), { ...settings, dimensions });
    const got = ials.factors(side);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expected.forEach((value, k) => {
      expect(Math.abs((got[k] ?? 0) - value), `number ${k}`).toBeLessThan(2e-4 * largest);
    });
  });
});

test("rows with fewer saves than dimensions, with more, and with more than a chunk are in the test above", () => {
  expect(Math.min(...countsOf(byUser))).toBeLessThan(4);
  expect(Math.min(...countsOf(byItem))).toBeGreaterThan(20);
  expect(Math.max(...countsOf(byItem))).toBeGreaterThan(128);
});

test("turning a side changes no dot product within it and makes its Gramian diagonal", () => {
  const ials = new Ials(new Kernels(kernelModule()), { byUser, byItem }, settings);
  const before = ials.factors("items").slice();
  ials.orient("items");
  const after = ials.factors("items");
  for (const [a, b] of [
    [0, 0],
    [3, 17],
    [39, 8],
  ] as const) {
    expect(product(after, a, b)).toBeCloseTo(product(before, a, b), 5);
  }
  const diagonal = ials.gramianDiagonal();
  for (let p = 0; p < 8; p++) {
    for (let q = 0; q < 8; q++) {
      let sum = 0;
      for (let item = 0; item < 40; item++) sum += (after[item * 8 + p] ?? 0) * (after[item * 8 + q] ?? 0);
      expect(sum).toBeCloseTo(p === q ? (diagonal[p] ?? 0) : 0, 4);
    }
  }
});

test("rows may be solved in slices of any length", () => {
  const whole = new Ials(new Kernels(kernelModule()), { byUser, byItem }, settings);
  const sliced = new Ials(new Kernels(kernelModule()), { byUser, byItem }, settings);
  for (const ials of [whole, sliced]) ials.orient("items");
  whole.solve("users", 0, 500);
  for (let row = 0; row < 500; row += 7) sliced.solve("users", row, row + 7);
  expect(sliced.factors("users")).toEqual(whole.factors("users"));
});

/** (Σ h hᵀ + α₀ Σ over all h hᵀ + λ I) w = Σ h, a row at a time. */
function naive(saves: Saves, other: Float32Array, chosen: IalsSettings): number[] {
  const d = chosen.dimensions;
  const at = (row: number, k: number) => other[row * d + k] ?? 0;
  const outer = (rows: readonly number[]) =>
    Array.from({ length: d }, (_, p) =>
      Array.from({ length: d }, (_, q) => rows.reduce((sum, row) => sum + at(row, p) * at(row, q), 0)),
    );
  const gramian = outer(Array.from({ length: saves.items }, (_, row) => row));
  return Array.from({ length: saves.users }, (_, row) => {
    const own = Array.from(itemsOf(saves, row));
    if (own.length === 0) return Array<number>(d).fill(0);
    const ridge = ridgeOf(own.length, saves.items, chosen);
    const A = outer(own).map((line, p) =>
      line.map((value, q) => value + chosen.unobservedWeight * (gramian[p]?.[q] ?? 0) + (p === q ? ridge : 0)),
    );
    const b = Array.from({ length: d }, (_, p) => own.reduce((sum, item) => sum + at(item, p), 0));
    return solved(A, b);
  }).flat();
}

function product(rows: Float32Array, a: number, b: number): number {
  let sum = 0;
  for (let k = 0; k < 8; k++) sum += (rows[a * 8 + k] ?? 0) * (rows[b * 8 + k] ?? 0);
  return sum;
}
