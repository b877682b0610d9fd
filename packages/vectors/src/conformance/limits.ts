import { describe, expect, test } from "vitest";
import { vectorErrorCodes as codes, type VectorOperation, vectorErrorCode } from "../errors.ts";
import { vectorLimits } from "../limits.ts";
import type { QueryOptions, VectorRecord } from "../port.ts";
import { refusalOf, type Workspace } from "./workspace.ts";

export function testLimits(workspace: Workspace): void {
  /** The call is refused the way the binding refuses: operation, code and message, with the message as the cause. */
  const expectRefusal = async (
    call: () => Promise<unknown>,
    operation: VectorOperation,
    { code, message }: { code?: number; message?: string },
  ) => {
    const error = await refusalOf(call);
    expect(error.message).toMatch(new RegExp(`^${operation}_ERROR`));
    if (code !== undefined) expect(vectorErrorCode(error)).toBe(code);
    if (message === undefined) return;
    expect(error.message).toBe(`${operation}_ERROR (code = ${code}): ${message}`);
    expect(error.cause).toBeInstanceOf(Error);
    expect((error.cause as Error).message).toBe(message);
  };

  describe("limits", () => {
    testDimensions(workspace, expectRefusal);
    testIds(workspace, expectRefusal);
    testTopK(workspace, expectRefusal);
    testBatches(workspace, expectRefusal);
    testMetadata(workspace, expectRefusal);
  });
}

type ExpectRefusal = (
  call: () => Promise<unknown>,
  operation: VectorOperation,
  expected: { code?: number; message?: string },
) => Promise<void>;

function testDimensions(workspace: Workspace, expectRefusal: ExpectRefusal): void {
  const { dimensions } = workspace;

  test("a query vector has the index's dimensions", async () => {
    const message = `invalid query vector, expected ${dimensions} dimensions, and got ${dimensions - 1} dimensions`;
    const short = workspace.vector(1).slice(1);
    await expectRefusal(() => workspace.index.query(short), "VECTOR_QUERY", {
      code: codes.invalidQueryVector,
      message,
    });
  });

  test("a stored vector has the index's dimensions, and one that has not refuses its whole batch", async () => {
    const [right, wrong] = [workspace.unique("right"), workspace.unique("wrong")];
    const batch = [
      { id: right, values: workspace.vector(1) },
      { id: wrong, values: [...workspace.vector(1), 1] },
    ];
    const expected = `expected ${dimensions} dimensions, and got ${dimensions + 1} dimensions`;
    const refusal = { code: codes.invalidVector, message: `invalid vector for id="${wrong}", ${expected}` };
    await expectRefusal(() => workspace.index.insert(batch), "VECTOR_INSERT", refusal);
    await expectRefusal(() => workspace.index.upsert(batch), "VECTOR_UPSERT", refusal);
    expect(await workspace.index.getByIds([right])).toEqual([]);
  });
}

function testIds(workspace: Workspace, expectRefusal: ExpectRefusal): void {
  test("an id has at most 64 bytes of UTF-8", async () => {
    const prefix = workspace.unique("id");
    const id = prefix + "é".repeat((64 - prefix.length) >> 1) + "x".repeat((64 - prefix.length) & 1);
    await workspace.upsert([{ id, values: workspace.vector(1) }]);
    expect((await workspace.index.getByIds([id])).map((vector) => vector.id)).toEqual([id]);
    const message = "id too long; max is 64 bytes, got 65 bytes";
    const upsert = () => workspace.index.upsert([{ id: `${id}x`, values: workspace.vector(1) }]);
    await expectRefusal(upsert, "VECTOR_UPSERT", { code: codes.idTooLong, message });
  });

  test("a namespace has at most 64 bytes", async () => {
    const vector = { id: workspace.unique("a"), values: workspace.vector(1), namespace: "n".repeat(65) };
    await expectRefusal(() => workspace.index.upsert([vector]), "VECTOR_UPSERT", {});
  });

  test("getByIds takes 20 ids and deleteByIds 100", async () => {
    const ids = Array.from({ length: 101 }, () => workspace.unique("absent"));
    expect(await workspace.index.getByIds(ids.slice(0, 20))).toEqual([]);
    await workspace.delete(ids.slice(0, 100));
    const get = () => workspace.index.getByIds(ids.slice(0, 21));
    const message = "too many ids in payload; max id count is 20, got 21";
    await expectRefusal(get, "VECTOR_GET", { code: codes.tooManyIds, message });
    await expectRefusal(() => workspace.index.deleteByIds(ids), "VECTOR_DELETE", { code: codes.tooManyIds });
  });
}

function testTopK(workspace: Workspace, expectRefusal: ExpectRefusal): void {
  const ask = (options: unknown) => workspace.index.query(workspace.vector(1), options as QueryOptions);

  test("topK goes up to 100, and to 50 with values or all metadata", async () => {
    await ask({ topK: 100 });
    await ask({ topK: 100, returnMetadata: "indexed" });
    await ask({ topK: 50, returnValues: true, returnMetadata: "all" });
    const reason = "with returnValues=true or returnMetadata=all, max top K is 50, but got 51";
    const advice = "for a top K up to 100, retry with returnValues=false and returnMetadata=indexed";
    const refusal = { code: codes.topKTooLarge, message: `${reason}; ${advice}` };
    await expectRefusal(() => ask({ topK: 51, returnValues: true }), "VECTOR_QUERY", refusal);
    await expectRefusal(() => ask({ topK: 51, returnMetadata: "all" }), "VECTOR_QUERY", refusal);
    await expectRefusal(() => ask({ topK: 101 }), "VECTOR_QUERY", {});
    await expectRefusal(() => ask({ topK: 0 }), "VECTOR_QUERY", {});
  });

  test("returnMetadata: false is refused, and so is a level that does not exist", async () => {
    await expectRefusal(() => ask({ returnMetadata: false }), "VECTOR_QUERY", { code: codes.malformed });
    const error = await refusalOf(() => ask({ returnMetadata: "some" }));
    const levels = 'true, false, "none", "indexed" or "all"';
    expect(error.message).toBe(`Invalid returnMetadata option. Expected: ${levels}; got: some`);
  });
}

function testBatches(workspace: Workspace, expectRefusal: ExpectRefusal): void {
  test("a batch has at most 1,000 vectors", async () => {
    const vectors = Array.from({ length: vectorLimits.maxVectorsPerMutation + 1 }, () => ({
      id: workspace.unique("many"),
      values: workspace.vector(1),
    }));
    await expectRefusal(() => workspace.index.insert(vectors), "VECTOR_INSERT", {});
    await expectRefusal(() => workspace.index.upsert(vectors), "VECTOR_UPSERT", {});
    const { vectorCount } = await workspace.index.describe();
    await workspace.upsert(vectors.slice(1));
    expect((await workspace.index.describe()).vectorCount).toBe(vectorCount + 1_000);
  });
}

function testMetadata(workspace: Workspace, expectRefusal: ExpectRefusal): void {
  const vectorOf = (metadata: unknown) =>
    ({ id: workspace.unique("a"), values: workspace.vector(1), metadata }) as VectorRecord;

  test("metadata has at most 10 KiB as compact JSON, and one vector's refuses the whole batch", async () => {
    const bytesAround = JSON.stringify({ text: "" }).length;
    const fits = vectorOf({ text: "x".repeat(10 * 1024 - bytesAround) });
    await workspace.upsert([fits]);
    expect((await workspace.index.getByIds([fits.id]))[0]?.metadata).toEqual(fits.metadata);
    const [other, tooLarge] = [vectorOf({}), vectorOf({ text: "x".repeat(10 * 1024 - bytesAround + 1) })];
    const upsert = () => workspace.index.upsert([other, tooLarge]);
    await expectRefusal(upsert, "VECTOR_UPSERT", { code: codes.metadataTooLarge });
    expect(await workspace.index.getByIds([other.id])).toEqual([]);
  });

  test.each(["", "a.b", 'a"b', "$a"])("a metadata key cannot be %j", async (key) => {
    await expectRefusal(() => workspace.index.upsert([vectorOf({ [key]: 1 })]), "VECTOR_UPSERT", {});
  });
}
