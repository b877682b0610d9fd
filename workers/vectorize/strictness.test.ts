import { env } from "cloudflare:workers";
import { type VectorFilter, type VectorRecord, vectorErrorCode } from "@vitrine/vectors";
import { refusalOf } from "@vitrine/vectors/conformance";
import { beforeAll, describe, expect, test } from "vitest";

/** What Vectorize does not document, and how the stand-in decides it: see adapters/vectorize-index.ts. */
const values = [1, 0, 0, 0, 0];
const found = async (filter: VectorFilter) =>
  (await env.TYPED.query(values, { filter })).matches.map(({ id }) => id).sort();

describe("filters", () => {
  beforeAll(async () => {
    const long = `${"é".repeat(31)}xyz`;
    await env.TYPED.upsert([
      { id: "new", values, metadata: { isNew: true, size: { width: 3 } } },
      { id: "old", values, metadata: { isNew: false, size: { width: 5 } } },
      { id: "mistyped", values, metadata: { isNew: "true", size: 3, category: 7 } },
      { id: "bare", values },
      { id: "long", values, metadata: { category: long } },
    ]);
  });

  test("see booleans and nested numbers that have a metadata index", async () => {
    expect(await found({ isNew: true })).toEqual(["new"]);
    expect(await found({ "size.width": { $gt: 3 } })).toEqual(["old"]);
    const options = { topK: 5, returnMetadata: "indexed", filter: { isNew: false } } as const;
    expect((await env.TYPED.query(values, options)).matches[0]?.metadata).toEqual({ isNew: false, size: { width: 5 } });
  });

  test("find no vector that lacks the property or holds another type, whatever the operator", async () => {
    expect(await found({ isNew: { $ne: true } })).toEqual(["old"]);
    expect(await found({ isNew: { $nin: [true] } })).toEqual(["old"]);
    expect(await found({ isNew: null })).toEqual([]);
    expect(await found({ category: { $ne: "a" } })).toEqual(["long"]);
  });

  test("see the first 64 bytes of a string, cut between characters", async () => {
    expect(await found({ category: `${"é".repeat(31)}xy` })).toEqual(["long"]);
    expect(await found({ category: `${"é".repeat(31)}xyz` })).toEqual([]);
  });

  test("by a property without a metadata index are refused", async () => {
    const error = await refusalOf(() => env.TYPED.query(values, { filter: { createdAt: 1 } }));
    expect(error.message).toBe('VECTOR_QUERY_ERROR (code = 40026): filter property "createdAt" has no metadata index');
  });
});

test("queryById of an id that is not there is an error without a code", async () => {
  const error = await refusalOf(() => env.TYPED.queryById("absent"));
  expect(error.message).toBe("VECTOR_QUERY_ERROR: there is no vector with the given id");
  expect(error.cause).toEqual(new Error("there is no vector with the given id"));
  expect(vectorErrorCode(error)).toBeUndefined();
});

test.each<[what: string, call: () => Promise<unknown>]>([
  ["an empty insert", () => env.TYPED.insert([])],
  ["an empty upsert", () => env.TYPED.upsert([])],
  ["getByIds of nothing", () => env.TYPED.getByIds([])],
  ["deleteByIds of nothing", () => env.TYPED.deleteByIds([])],
  ["an empty id", () => env.TYPED.queryById("")],
  ["an unknown field of a vector", () => upsert({ vector: values })],
  ["an unknown option", () => env.TYPED.query(values, { topk: 3 } as object)],
  ["an empty namespace", () => upsert({ namespace: "" })],
  ["values that are no numbers", () => upsert({ values: ["1", "0", "0", "0", "0"] })],
  ["NaN", () => upsert({ values: [Number.NaN, 0, 0, 0, 0] })],
  ["a value that overflows float32", () => upsert({ values: [1e39, 0, 0, 0, 0] })],
  ["a query with a gap", () => env.TYPED.query([1, undefined, 0, 0, 0] as number[])],
  ["metadata that is a list", () => upsert({ metadata: ["a"] })],
  ["a null in metadata", () => upsert({ metadata: { category: null } })],
  ["a third level of metadata", () => upsert({ metadata: { a: { b: { c: 1 } } } })],
  ["a topK that is no whole number", () => env.TYPED.query(values, { topK: 1.5 })],
])("%s is refused as malformed", async (_, call) => {
  const error = await refusalOf(call);
  expect(vectorErrorCode(error)).toBe(40026);
  expect(error.cause).toBeInstanceOf(Error);
});

test("an option that is undefined counts as left out", async () => {
  const options = { topK: undefined, namespace: undefined, filter: undefined } as object;
  expect((await env.TYPED.query(values, options)).count).toBe(5);
});

test("an index takes no more vectors and namespaces than it may hold", async () => {
  const of = (namespace: string) => (id: string) => ({ id, values, namespace });
  await env.SMALL.upsert(["a", "b"].map(of("one")));
  const overfull = await refusalOf(() => env.SMALL.upsert(["c", "d"].map(of("one"))));
  expect(overfull.message).toBe("VECTOR_UPSERT_ERROR: the index is full; max is 3 vectors");
  await env.SMALL.insert(["a", "b", "c"].map(of("two")));
  const overspread = await refusalOf(() => env.SMALL.upsert([of("three")("a")]));
  expect(overspread.message).toBe("VECTOR_UPSERT_ERROR: too many namespaces; max is 2");
  await env.SMALL.deleteByIds(["c"]);
  await env.SMALL.upsert([of("three")("a")]);
  await env.SMALL.upsert([of("three")("b")]);
  await env.SMALL.upsert([of("four")("a")]); // "two" was emptied by a removal, "one" by replacements
  expect((await env.SMALL.describe()).vectorCount).toBe(2);
});

test("a binding that names no index says which there are", async () => {
  const error = await refusalOf(() => env.UNKNOWN.describe());
  expect(error.message).toContain("one of visual, taste; got nobody-made-this");
});

function upsert(fields: object): Promise<unknown> {
  return env.TYPED.upsert([{ id: "a", values, ...fields } as VectorRecord]);
}
