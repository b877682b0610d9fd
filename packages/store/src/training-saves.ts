/** What training reads: all saves of a database, in slices, as compact rows, and what the pins look like. */
import type { PinId, UserId } from "@vitrine/contracts";
import { sql } from "drizzle-orm";
import { bytesOf } from "./actions.ts";
import type { Database, Databases } from "./database.ts";

/** Row id, user, pin, and when (milliseconds since 1970). */
export type SaveTuple = [rowId: number, userId: UserId, pinId: PinId, createdAt: number];

/** The `limit` saves before a row id, newest first. 20,000 of them are 1.6 MB of JSON and 25 ms of D1. */
export function savesBefore(
  database: Database,
  { before, limit }: { before: number; limit: number },
): Promise<SaveTuple[]> {
  return database.values<SaveTuple>(sql`
    SELECT rowid, user_id, pin_id, created_at FROM saves WHERE rowid < ${before} ORDER BY rowid DESC LIMIT ${limit}`);
}

/** Visual embeddings (int8) of the pins that have one, whoever may see them. One query a database. */
export async function embeddingsOf(databases: Databases, pinIds: readonly PinId[]): Promise<Map<PinId, Uint8Array>> {
  const byDatabase = Map.groupBy(pinIds, (pinId) => databases.forId(pinId));
  const answers = await Promise.all(
    [...byDatabase].map(([database, ids]) =>
      database.all<{ id: PinId; embedding: ArrayBuffer | number[] }>(sql`
        SELECT p.id, o.embedding FROM json_each(${JSON.stringify(ids)}) wanted
        CROSS JOIN pins p ON p.id = wanted.value CROSS JOIN originals o ON o.hash = p.original_hash
        WHERE o.embedding IS NOT NULL`),
    ),
  );
  return new Map(answers.flat().map(({ id, embedding }) => [id, bytesOf(embedding)]));
}

/** How many saves there are. Reads an index of all of them: not for every request. */
export async function countSaves(database: Database): Promise<number> {
  const [row] = await database.all<{ count: number }>(sql`SELECT count(*) AS count FROM saves`);
  return row?.count ?? 0;
}

/** Those of the pins that are ready and on a public board. One query a database. */
export async function visiblePins(databases: Databases, pinIds: readonly PinId[]): Promise<Set<PinId>> {
  const byDatabase = Map.groupBy(pinIds, (pinId) => databases.forId(pinId));
  const answers = await Promise.all(
    [...byDatabase].map(([database, ids]) =>
      database.all<{ id: PinId }>(sql`
        SELECT p.id FROM json_each(${JSON.stringify(ids)}) wanted
        CROSS JOIN pins p ON p.id = wanted.value JOIN boards b ON b.id = p.board_id
        WHERE p.status = 'ready' AND b.visibility = 'public'`),
    ),
  );
  return new Set(answers.flat().map(({ id }) => id));
}
