/** Triggers count the saves of each pin, whatever statement writes them. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Bindings } from "./bindings.ts";

const { DB_0 } = env as unknown as Bindings;

const insert = (orElse: string, rows: string, onConflict = "") =>
  DB_0.prepare(
    `INSERT ${orElse} INTO saves (user_id, pin_id, board_id, created_at) SELECT * FROM (VALUES ${rows}) WHERE true ${onConflict}`,
  ).run();

async function counted(): Promise<unknown[]> {
  const { results } = await DB_0.prepare("SELECT pin_id, saves FROM save_counts ORDER BY pin_id").all();
  const counts = await DB_0.prepare(
    "SELECT pin_id, count(*) AS saves FROM saves GROUP BY pin_id ORDER BY pin_id",
  ).all();
  expect(results).toEqual(counts.results);
  return results;
}

test("the saves of each pin are counted, those that were there already once, and withdrawn ones no more", async () => {
  await insert("", "('u1', 'p1', 'b1', 1), ('u1', 'p2', 'b1', 2), ('u2', 'p1', 'b2', 3)");
  await insert("", "('u1', 'p1', 'b1', 9), ('u3', 'p1', 'b3', 4)", "ON CONFLICT DO NOTHING");
  await insert("OR IGNORE", "('u1', 'p1', 'b1', 9), ('u4', 'p1', 'b4', 5), ('u4', 'p3', 'b4', 5)");
  expect(await counted()).toEqual([
    { pin_id: "p1", saves: 4 },
    { pin_id: "p2", saves: 1 },
    { pin_id: "p3", saves: 1 },
  ]);
  await DB_0.prepare("DELETE FROM saves WHERE user_id = 'u4'").run();
  expect(await counted()).toEqual([
    { pin_id: "p1", saves: 3 },
    { pin_id: "p2", saves: 1 },
  ]);
  await DB_0.prepare("DELETE FROM saves").run();
  expect(await counted()).toEqual([]);
});
