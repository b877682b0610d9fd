import { env } from "cloudflare:workers";
import * as schema from "@vitrine/store/schema";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";

const tables = Object.values(schema).map((table) => getTableConfig(table));

async function rowsOf<T>(query: string): Promise<T[]> {
  return (await env.DB_0.prepare(query).all<T>()).results;
}

test.for(tables)("the migrations make the table $name as the schema has it", async ({ name, columns, indexes }) => {
  const made = await rowsOf<{ name: string; type: string; notnull: number }>(`PRAGMA table_info(${name})`);
  const wanted = columns.map((column) => ({
    name: column.name,
    type: column.getSQLType().toUpperCase(),
    notnull: Number(column.notNull),
  }));
  expect(made.map((row) => ({ name: row.name, type: row.type.toUpperCase(), notnull: row.notnull }))).toEqual(wanted);
  const madeIndexes = await rowsOf<{ name: string }>(`PRAGMA index_list(${name})`);
  expect(madeIndexes.map((index) => index.name)).toEqual(
    expect.arrayContaining(indexes.map((index) => index.config.name)),
  );
});

test("every list has an index that serves it", async () => {
  const plans: [string, string][] = [
    ["SELECT id FROM boards WHERE owner_id = 'u' ORDER BY created_at DESC", "boards_owner"],
    ["SELECT board_id FROM board_collaborators WHERE user_id = 'u'", "collaborators_user"],
    ["SELECT id FROM pins WHERE board_id = 'b' ORDER BY created_at DESC, id DESC LIMIT 51", "pins_board"],
    ["SELECT id FROM pins WHERE original_hash = 'h' ORDER BY created_at, id LIMIT 1", "pins_original"],
    ["SELECT id FROM pins WHERE status = 'failed' ORDER BY updated_at DESC", "pins_status"],
    ["SELECT count(*) FROM saves WHERE pin_id = 'p'", "saves_pin"],
    ["SELECT pin_id FROM saves WHERE user_id = 'u' ORDER BY created_at DESC", "saves_user"],
    ["SELECT target_id FROM follows WHERE follower_id = 'u' ORDER BY created_at DESC", "follows_follower"],
  ];
  for (const [query, index] of plans) {
    const steps = await rowsOf<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`);
    expect(steps.map(({ detail }) => detail).join("; ")).toContain(index);
  }
});
