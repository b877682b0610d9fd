import { describe, expect, test } from "vitest";
import type { Workspace } from "./workspace.ts";

export function testMutations(workspace: Workspace): void {
  describe("mutations", () => {
    test("are answered with an id, which describe() names once they are processed", async () => {
      const before = await workspace.index.describe();
      const ids = [workspace.unique("a"), workspace.unique("b")];
      const mutationId = await workspace.upsert(ids.map((id) => ({ id, values: workspace.vector(1) })));
      const after = await workspace.index.describe();
      expect(after.processedUpToMutation).toBe(mutationId);
      expect(Number.isNaN(Date.parse(String(after.processedUpToDatetime)))).toBe(false);
      expect(after.dimensions).toBe(workspace.dimensions);
      expect(after.vectorCount).toBe(before.vectorCount + 2);
    });

    testInsert(workspace);
    testUpsert(workspace);
    testDelete(workspace);
    testGet(workspace);
  });
}

function testInsert(workspace: Workspace): void {
  test("insert adds what is new and skips ids that exist", async () => {
    const [old, fresh] = [workspace.unique("old"), workspace.unique("new")];
    await workspace.insert([{ id: old, values: workspace.vector(1), metadata: { note: "first" } }]);
    await workspace.insert([
      { id: old, values: workspace.vector(0, 1), metadata: { note: "second" } },
      { id: fresh, values: workspace.vector(0, 0, 1) },
    ]);
    const vectors = new Map((await workspace.index.getByIds([old, fresh])).map((vector) => [vector.id, vector]));
    expect(vectors.get(old)?.metadata).toEqual({ note: "first" });
    expect(Array.from(vectors.get(old)?.values ?? [])).toEqual(workspace.vector(1));
    expect(Array.from(vectors.get(fresh)?.values ?? [])).toEqual(workspace.vector(0, 0, 1));
  });
}

function testUpsert(workspace: Workspace): void {
  test("upsert replaces a vector in full: metadata and namespace that are not given again are gone", async () => {
    const id = workspace.unique("a");
    const namespace = workspace.unique("ns");
    await workspace.upsert([{ id, namespace, values: workspace.vector(1), metadata: { note: "first" } }]);
    await workspace.upsert([{ id, values: workspace.vector(0, 1) }]);
    const [vector] = await workspace.index.getByIds([id]);
    expect(Array.from(vector?.values ?? [])).toEqual(workspace.vector(0, 1));
    expect(vector?.metadata ?? {}).toEqual({});
    expect(vector?.namespace ?? "").toBe("");
    expect((await workspace.index.query(workspace.vector(1), { namespace })).matches).toEqual([]);
  });

  test("of several upserts of one id in a batch the last wins", async () => {
    const id = workspace.unique("a");
    const namespace = workspace.unique("ns");
    await workspace.upsert([
      { id, namespace, values: workspace.vector(1), metadata: { note: "first" } },
      { id, namespace, values: workspace.vector(0, 1), metadata: { note: "last" } },
    ]);
    const [vector] = await workspace.index.getByIds([id]);
    expect(vector?.metadata).toEqual({ note: "last" });
    expect((await workspace.index.query(workspace.vector(0, 1), { namespace })).count).toBe(1);
  });

  test("values may be plain numbers, Float32Array or Float64Array, and are kept as float32", async () => {
    const values = workspace.vector(0.1, 0.2, 0.3);
    const forms = [values, Float32Array.from(values), Float64Array.from(values)];
    const vectors = forms.map((form) => ({ id: workspace.unique("v"), values: form }));
    await workspace.upsert(vectors);
    const kept = await workspace.index.getByIds(vectors.map(({ id }) => id));
    expect(kept).toHaveLength(3);
    for (const vector of kept) expect(Array.from(vector.values)).toEqual(values.map(Math.fround));
  });
}

function testDelete(workspace: Workspace): void {
  test("deleteByIds removes vectors and takes ids that do not exist", async () => {
    const [gone, kept] = [workspace.unique("gone"), workspace.unique("kept")];
    const namespace = workspace.unique("ns");
    await workspace.upsert([gone, kept].map((id) => ({ id, namespace, values: workspace.vector(1) })));
    await workspace.delete([gone, workspace.unique("never-there")]);
    expect((await workspace.index.getByIds([gone, kept])).map(({ id }) => id)).toEqual([kept]);
    const { matches } = await workspace.index.query(workspace.vector(1), { namespace });
    expect(matches.map(({ id }) => id)).toEqual([kept]);
  });
}

function testGet(workspace: Workspace): void {
  test("getByIds answers values, namespace and metadata, and leaves out ids that do not exist", async () => {
    const id = workspace.unique("a");
    const namespace = workspace.unique("ns");
    const metadata = { title: "Grüße", size: { width: 3, isWide: true }, tags: ["a", "b"] };
    await workspace.upsert([{ id, namespace, values: workspace.vector(0.5), metadata }]);
    const vectors = await workspace.index.getByIds([workspace.unique("never-there"), id]);
    expect(vectors).toHaveLength(1);
    expect(vectors[0]).toMatchObject({ id, namespace, metadata });
    expect(Array.from(vectors[0]?.values ?? [])).toEqual(workspace.vector(0.5));
  });
}
