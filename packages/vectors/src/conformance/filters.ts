import { beforeAll, describe, expect, test } from "vitest";
import type { QueryOptions } from "../port.ts";
import { refusalOf, type Workspace } from "./workspace.ts";

export interface FilterableProperties {
  stringProperty: string;
  numberProperty: string;
}

/** Name, string property, number property. */
const corpus = [
  ["boots", "shoes", 10],
  ["pumps", "shoes", 20],
  ["gown", "dresses", 20],
  ["cape", "coats", 30],
] as const;

export function testFilters(
  workspace: Workspace,
  { stringProperty: s, numberProperty: n }: FilterableProperties,
): void {
  const accepted: [filter: Record<string, unknown>, names: string[]][] = [
    [{ [s]: "shoes" }, ["boots", "pumps"]],
    [{ [s]: { $eq: "shoes" } }, ["boots", "pumps"]],
    [{ [s]: { $ne: "shoes" } }, ["gown", "cape"]],
    [{ [s]: { $in: ["dresses", "coats", "hats"] } }, ["gown", "cape"]],
    [{ [s]: { $nin: ["dresses", "coats"] } }, ["boots", "pumps"]],
    [{ [n]: 20 }, ["pumps", "gown"]],
    [{ [n]: { $in: [10, 30] } }, ["boots", "cape"]],
    [{ [n]: { $lt: 20 } }, ["boots"]],
    [{ [n]: { $lte: 20 } }, ["boots", "pumps", "gown"]],
    [{ [n]: { $gt: 20 } }, ["cape"]],
    [{ [n]: { $gte: 20 } }, ["pumps", "gown", "cape"]],
    [{ [n]: { $gt: 10, $lte: 20 } }, ["pumps", "gown"]],
    [{ [s]: { $gte: "coats", $lt: "e" } }, ["gown", "cape"]],
    [{ [s]: "shoes", [n]: { $gte: 20 } }, ["pumps"]],
    [{ [s]: "hats" }, []],
  ];
  describe("filters", () => {
    const namespace = workspace.unique("filters");
    const idOf = new Map(corpus.map(([name]) => [name as string, workspace.unique(name)]));
    const ask = async (filter: unknown) => {
      const options = { namespace, topK: 10, filter } as QueryOptions;
      return await workspace.index.query(workspace.vector(1), options);
    };

    beforeAll(async () => {
      const vectors = corpus.map(([name, category, number], i) => ({
        id: idOf.get(name) ?? "",
        namespace,
        values: workspace.vector(1, i),
        metadata: { [s]: category, [n]: number },
      }));
      await workspace.upsert(vectors);
    });

    test.each(accepted)("%j", async (filter, names) => {
      const { matches } = await ask(filter);
      expect(matches.map(({ id }) => id).sort()).toEqual(names.map((name) => idOf.get(name)).sort());
    });

    test("come before topK: a match that is far away is found behind nearer ones that do not pass", async () => {
      const options = { namespace, topK: 1, filter: { [s]: "coats" } };
      const { matches } = await workspace.index.query(workspace.vector(1), options);
      expect(matches.map(({ id }) => id)).toEqual([idOf.get("cape")]);
    });

    test.each(refused(s, n))("%s are refused", async (_, filter) => {
      const error = await refusalOf(() => ask(filter));
      expect(error.message).toMatch(/^VECTOR_QUERY_ERROR/);
    });

    test("of 2,047 bytes of compact JSON are taken, and of 2,048 refused", async () => {
      const filterOf = (bytes: number) => {
        const frame = JSON.stringify({ [s]: { $in: ["shoes", ""] } }).length;
        return { [s]: { $in: ["shoes", "x".repeat(bytes - frame)] } };
      };
      expect((await ask(filterOf(2_047))).count).toBe(2);
      expect((await refusalOf(() => ask(filterOf(2_048)))).message).toMatch(/^VECTOR_QUERY_ERROR/);
    });
  });
}

function refused(s: string, n: string): [what: string, filter: unknown][] {
  return [
    ["empty filters", {}],
    ["lists", [{ [s]: "shoes" }]],
    ["unknown operators", { [s]: { $like: "shoes" } }],
    ["operators at the top", { $or: [{ [s]: "shoes" }] }],
    ["empty keys", { "": 1 }],
    ["keys that begin with $", { $eq: 1 }],
    ["keys of 513 characters", { ["x".repeat(513)]: 1 }],
    ["two lower bounds", { [n]: { $gt: 1, $gte: 2 } }],
    ["two upper bounds", { [n]: { $lt: 1, $lte: 2 } }],
    ["a bound beside an equality", { [n]: { $eq: 1, $lt: 2 } }],
    ["bounds that are booleans", { [n]: { $gt: true } }],
    ["$in without a list", { [s]: { $in: "shoes" } }],
    ["$eq with a list", { [s]: { $eq: ["shoes"] } }],
  ];
}
