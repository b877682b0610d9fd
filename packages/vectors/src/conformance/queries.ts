import { beforeAll, describe, expect, test } from "vitest";
import type { VectorMetric } from "../port.ts";
import type { Workspace } from "./workspace.ts";

/** Directions and lengths chosen so that each metric has an order of its own. */
const corpus: Record<string, [number, number, number]> = {
  same: [1, 0.5, 0],
  longer: [3, 1.5, 0.3],
  near: [1, 0.6, 0.1],
  aside: [0, 0.5, 1],
  across: [-0.5, 1, 0],
  opposite: [-1, -0.5, 0],
  away: [-2, -1, -2],
};
const query = [1, 0.5, 0];

export function testQueries(workspace: Workspace): void {
  describe("queries", () => {
    const namespace = workspace.unique("queries");
    const idOf = new Map(Object.keys(corpus).map((name) => [name, workspace.unique(name)]));
    const nameOf = new Map([...idOf].map(([name, id]) => [id, name]));
    const names = (matches: { id: string }[]) => matches.map(({ id }) => nameOf.get(id));

    beforeAll(async () => {
      const vectors = Object.entries(corpus).map(([name, components]) => ({
        id: idOf.get(name) ?? "",
        namespace,
        values: workspace.vector(...components),
        metadata: { category: name, createdAt: 1, unindexed: "free" },
      }));
      await workspace.upsert(vectors);
    });

    test("answer the best five, without values and metadata, by default", async () => {
      const { matches, count } = await workspace.index.query(workspace.vector(...query), { namespace });
      expect(count).toBe(5);
      expect(names(matches)).toEqual(expectedOrder(workspace.metric).slice(0, 5));
      for (const match of matches) expect(Object.keys(match).sort()).toEqual(["id", "namespace", "score"]);
    });

    test("score and order by the index's metric", async () => {
      const vector = workspace.vector(...query);
      const { matches } = await workspace.index.query(vector, { namespace, topK: 50, returnValues: true });
      expect(names(matches)).toEqual(expectedOrder(workspace.metric));
      for (const match of matches) {
        const components = corpus[nameOf.get(match.id) ?? ""] ?? [];
        expect(match.score).toBeCloseTo(score(workspace.metric, query, components), 5);
        expect(Array.from(match.values ?? [])).toEqual(workspace.vector(...components).map(Math.fround));
      }
    });

    test("take Float32Array and Float64Array and answer as for plain numbers", async () => {
      const vector = workspace.vector(...query);
      const expected = await workspace.index.query(vector, { namespace });
      expect(await workspace.index.query(Float32Array.from(vector), { namespace })).toEqual(expected);
      expect(await workspace.index.query(Float64Array.from(vector), { namespace })).toEqual(expected);
    });

    test("return metadata as asked: none, what is indexed, or all", async () => {
      const ask = async (returnMetadata: "none" | "indexed" | "all" | true) => {
        const options = { namespace, topK: 1, returnMetadata };
        return (await workspace.index.query(workspace.vector(...query), options)).matches[0];
      };
      const category = nameOf.get((await ask("none"))?.id ?? "");
      expect(await ask("none")).not.toHaveProperty("metadata");
      expect((await ask("indexed"))?.metadata).not.toHaveProperty("unindexed");
      expect((await ask("all"))?.metadata).toEqual({ category, createdAt: 1, unindexed: "free" });
      expect((await ask(true))?.metadata).toEqual({ category, createdAt: 1, unindexed: "free" });
    });

    test("with a namespace see nothing outside it, and without one see every namespace", async () => {
      const [inside, outside] = [workspace.unique("in"), workspace.unique("out")];
      const other = workspace.unique("other");
      await workspace.upsert([
        { id: inside, namespace: other, values: workspace.vector(50, 25) },
        { id: outside, values: workspace.vector(50, 25) },
      ]);
      const vector = workspace.vector(50, 25);
      const narrow = await workspace.index.query(vector, { namespace: other, topK: 100 });
      expect(narrow.matches).toEqual([expect.objectContaining({ id: inside, namespace: other })]);
      const wide = (await workspace.index.query(vector, { topK: 100 })).matches.map(({ id }) => id);
      expect(wide).toEqual(expect.arrayContaining([inside, outside, idOf.get("longer")]));
      expect((await workspace.index.query(vector, { namespace: workspace.unique("empty") })).count).toBe(0);
    });

    test("by id are queries by that vector's values", async () => {
      const options = { namespace, topK: 3, returnValues: true };
      const byId = await workspace.index.queryById(idOf.get("same") ?? "", options);
      expect(byId).toEqual(await workspace.index.query(workspace.vector(...query), options));
      expect(byId.count).toBe(3);
    });
  });
}

function expectedOrder(metric: VectorMetric): string[] {
  const sign = metric === "cosine" ? -1 : 1;
  return Object.entries(corpus)
    .map(([name, components]) => ({ name, rank: sign * score(metric, query, components) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ name }) => name);
}

/** Written out again, apart from the code under test. */
function score(metric: VectorMetric, a: number[], b: number[]): number {
  const product = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  if (metric === "dot-product") return -product(a, b);
  if (metric === "euclidean") return Math.hypot(...a.map((value, i) => value - (b[i] ?? 0)));
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
