import { Problem } from "@vitrine/contracts";
import { describe, expect, test } from "vitest";
import { matchesFilter, parseFilter } from "./filter.ts";
import type { VectorFilter, VectorMetadata } from "./port.ts";

const metadata: VectorMetadata = {
  category: "shoes",
  price: 20,
  isNew: true,
  size: { width: 3, unit: "cm" },
  tags: ["red"],
};
const matches = (filter: unknown) => matchesFilter(parseFilter(filter), metadata);

describe("a filter matches", () => {
  test.each([
    { category: "shoes" },
    { category: { $eq: "shoes" } },
    { category: { $ne: "coats" } },
    { category: { $ne: null } },
    { category: { $in: ["coats", "shoes"] } },
    { category: { $nin: ["coats", null] } },
    { category: { $gt: "boots", $lt: "shop" } },
    { price: { $lt: 21 } },
    { price: { $lte: 20 } },
    { price: { $gt: 19.5 } },
    { price: { $gte: 20 } },
    { price: { $gte: 20, $lte: 20 } },
    { price: { $lt: 30, $gt: 10 } },
    { isNew: true },
    { isNew: { $ne: false } },
    { "size.width": 3 },
    { category: "shoes", price: 20, "size.unit": { $in: ["cm"] } },
  ])("%j", (filter) => {
    expect(matches(filter)).toBe(true);
  });
});

describe("a filter does not match", () => {
  test.each([
    { category: "Shoes" },
    { category: { $ne: "shoes" } },
    { category: { $nin: ["shoes"] } },
    { category: { $in: ["coats"] } },
    { price: { $lt: 20 } },
    { price: { $gt: 20 } },
    { price: { $gt: 20, $lt: 30 } },
    { category: "shoes", price: 21 },
    { "size.width": 4 },
  ])("%j", (filter) => {
    expect(matches(filter)).toBe(false);
  });

  test.each([
    { price: "20" },
    { price: { $gt: "1" } },
    { isNew: 1 },
    { tags: "red" },
    { size: { $ne: "large" } },
  ])("another type: %j", (filter) => {
    expect(matches(filter)).toBe(false);
  });

  test.each<VectorFilter>([
    { missing: null },
    { missing: { $ne: 1 } },
    { missing: { $nin: [1] } },
    { "size.height": { $ne: 1 } },
    { "category.length": 5 },
    { constructor: { $ne: 1 } },
  ])("a field that is not there: %j", (filter) => {
    expect(matches(filter)).toBe(false);
    expect(matchesFilter(parseFilter(filter), undefined)).toBe(false);
  });
});

describe("a filter is refused", () => {
  test.each<[unknown, string]>([
    [null, "The filter must be an object."],
    [[], "The filter must be an object."],
    ["shoes", "The filter must be an object."],
    [{}, "The filter must not be empty"],
    [{ "": 1 }, "empty key"],
    [{ "a..b": 1 }, "empty key"],
    [{ "a.": 1 }, "empty key"],
    [{ $or: [] }, "begins with $"],
    [{ "a.$b": 1 }, "begins with $"],
    [{ 'a"b': 1 }, "quotation mark"],
    [{ ["x".repeat(513)]: 1 }, "at most 512"],
    [{ a: undefined }, '"a" must be a string'],
    [{ a: [1] }, '"a" must be a string'],
    [{ a: Number.NaN }, '"a" must be a string'],
    [{ a: {} }, '"a" has no operator'],
    [{ a: { b: 1 } }, 'unknown operator "b"'],
    [{ a: { $exists: true } }, 'unknown operator "$exists"'],
    [{ a: { toString: 1 } }, 'unknown operator "toString"'],
    [{ a: { $eq: [1] } }, "for $eq"],
    [{ a: { $ne: {} } }, "for $ne"],
    [{ a: { $in: 1 } }, "for $in"],
    [{ a: { $in: [] } }, "for $in"],
    [{ a: { $nin: [[1]] } }, "for $nin"],
    [{ a: { $gt: null } }, "for $gt"],
    [{ a: { $lte: true } }, "for $lte"],
    [{ a: { $lt: Number.POSITIVE_INFINITY } }, "for $lt"],
    [{ a: { $gt: 1, $gte: 2 } }, "only one lower bound"],
    [{ a: { $lt: 1, $lte: 2 } }, "only one lower bound"],
    [{ a: { $gt: 1, $lt: 3, $lte: 2 } }, "only one lower bound"],
    [{ a: { $eq: 1, $ne: 2 } }, "only one lower bound"],
    [{ a: { $gt: 1, $ne: 2 } }, "only one lower bound"],
    [{ a: { $in: ["ü".repeat(1_100)] } }, "less than 2048 bytes"],
  ])("%j", (filter, reason) => {
    const parse = () => parseFilter(filter);
    expect(parse).toThrow(Problem);
    expect(parse).toThrow(reason);
    expect(parse).toThrow(expect.objectContaining({ code: "invalid-request" }));
  });

  test("from 2,048 bytes of compact JSON on, and for keys of more than 512 characters", () => {
    const frame = JSON.stringify({ a: "" }).length;
    expect(parseFilter({ a: "x".repeat(2_047 - frame) }).conditions).toHaveLength(1);
    expect(() => parseFilter({ a: "x".repeat(2_048 - frame) })).toThrow("got 2048");
    expect(parseFilter({ ["x".repeat(512)]: 1 }).conditions).toHaveLength(1);
  });
});
