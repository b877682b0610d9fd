import { seededSequence } from "@vitrine/vectors";
import { describe, expect, test } from "vitest";
import { foldIn, type ItemBasis, maxFoldInActions, meanOfUnits, userVectorOf, type VectorAction } from "./fold-in.ts";

const d = 8;
const next = seededSequence(4);
const basis: ItemBasis = {
  gramian: Float32Array.from({ length: d }, () => 5 + 40 * next()),
  items: 900,
  regularisation: 0.02,
  regularisationExponent: 0.9,
  unobservedWeight: 0.01,
};

describe("the fold-in", () => {
  // Fewer, as many and more actions than dimensions.
  test.each([1, 8, 30])("of %i actions leaves no gradient of the loss", (count) => {
    const actions = drawn(count);
    const user = foldIn(actions, basis);
    const ridge = 0.02 * (count + 0.01 * 900) ** 0.9;
    for (let k = 0; k < d; k++) {
      const pull = actions.reduce((sum, { vector, weight }) => {
        return sum + weight * (dot(vector, user) - 1) * (vector[k] ?? 0);
      }, 0);
      const push = (0.01 * (basis.gramian[k] ?? 0) + ridge) * (user[k] ?? 0);
      expect(Math.abs(pull + push), `dimension ${k}`).toBeLessThan(1e-4);
    }
  });

  test("follows a heavy action more than a light one", () => {
    const [first, second] = drawn(2);
    if (!first || !second) throw new Error("unreachable");
    const heavy = foldIn(
      [
        { ...first, weight: 5 },
        { ...second, weight: 0.2 },
      ],
      basis,
    );
    const light = foldIn(
      [
        { ...first, weight: 0.2 },
        { ...second, weight: 5 },
      ],
      basis,
    );
    expect(dot(heavy, first.vector)).toBeGreaterThan(dot(light, first.vector));
  });

  test("takes the newest actions where there are too many", () => {
    const actions = drawn(maxFoldInActions + 40);
    expect(foldIn(actions, basis)).toEqual(foldIn(actions.slice(0, maxFoldInActions), basis));
  });
});

describe("the user vector", () => {
  test("is the mean of unit vectors below ten actions, whatever their norms", () => {
    const actions = drawn(9).map((action) => ({ ...action, weight: 1 }));
    const longer = actions.map(({ vector }, i) => ({ vector: vector.map((value) => value * (i + 1)), weight: 1 }));
    const user = userVectorOf(actions, basis);
    userVectorOf(longer, basis).forEach((value, k) => {
      expect(value).toBeCloseTo(user[k] ?? 0, 6);
    });
  });

  test("is the fold-in from ten actions on", () => {
    expect(userVectorOf(drawn(10), basis)).toHaveLength(d);
    const actions = drawn(10);
    expect(userVectorOf(actions, basis)).toEqual(foldIn(actions, basis));
    expect(userVectorOf(actions.slice(1), basis)).toEqual(meanOfUnits(actions.slice(1), d));
  });

  test("of nothing, or of pins without a vector, is zero", () => {
    expect([...userVectorOf([], basis)]).toEqual(Array(d).fill(0));
    expect([...userVectorOf([{ vector: new Float32Array(d), weight: 1 }], basis)]).toEqual(Array(d).fill(0));
  });
});

function drawn(count: number): VectorAction[] {
  return Array.from({ length: count }, () => ({
    vector: Float32Array.from({ length: d }, () => next() - 0.4),
    weight: 0.2 + next(),
  }));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
}
