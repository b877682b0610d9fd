/** Actions of users: which pins they may be about, and counting each of them once. */
import { type Action, actionWeight, type PinId, type UserId } from "@vitrine/contracts";
import { sql } from "drizzle-orm";
import type { Database, Databases } from "./database.ts";

const hourMillis = 3_600_000;

/**
 * The pins among `pinIds` that the user can see, with their visual embeddings (int8; empty while there is none).
 * Missing from the answer are unknown pins and those on secret boards of others, which nobody is told apart.
 * One query for each database concerned.
 */
export async function visibleEmbeddings(
  databases: Databases,
  userId: UserId,
  pinIds: readonly PinId[],
): Promise<Map<PinId, Uint8Array>> {
  const ids = JSON.stringify([...new Set(pinIds)]);
  const concerned = new Set(pinIds.map((id) => databases.forId(id)));
  const answers = await Promise.all([...concerned].map((database) => visibleIn(database, userId, ids)));
  return new Map(answers.flat().map((row) => [row.id, bytesOf(row.embedding)]));
}

interface EmbeddingRow {
  id: PinId;
  embedding: ArrayBuffer | number[] | null;
}

function visibleIn(database: Database, userId: UserId, ids: string): Promise<EmbeddingRow[]> {
  return database.all<EmbeddingRow>(sql`
    SELECT p.id AS id, o.embedding AS embedding
    FROM json_each(${ids}) wanted
    CROSS JOIN pins p ON p.id = wanted.value
    JOIN boards b ON b.id = p.board_id
    LEFT JOIN originals o ON o.hash = p.original_hash
    WHERE b.visibility = 'public' OR b.owner_id = ${userId}
      OR EXISTS (SELECT 1 FROM board_collaborators c WHERE c.board_id = b.id AND c.user_id = ${userId})`);
}

/** A BLOB of a raw query: D1 answers an array of numbers or a buffer. */
export function bytesOf(blob: ArrayBuffer | ArrayLike<number> | null): Uint8Array {
  return blob === null ? new Uint8Array(0) : new Uint8Array(blob);
}

/**
 * Counts the actions whose ids were never counted before, and remembers the ids: one batch, so one transaction,
 * for each database. Delivering the same actions again, in any order or grouping, changes nothing.
 */
export async function countActions(databases: Databases, actions: readonly Action[]): Promise<void> {
  const byDatabase = Map.groupBy(actions, (action) => databases.forId(action.userId));
  await Promise.all([...byDatabase].map(([database, theirs]) => countIn(database, theirs)));
}

async function countIn(database: Database, actions: readonly Action[]): Promise<void> {
  // Within one delivery an id may stand twice; the first is as good as the others.
  const unique = new Map(actions.map((action) => [action.id, action]));
  const rows = JSON.stringify(
    [...unique.values()].map(({ features: _, ...action }) => ({
      ...action,
      hour: Math.floor(action.occurredAt / hourMillis),
      weight: actionWeight[action.type],
    })),
  );
  await database.batch([
    database.run(sql`
      INSERT INTO trending_hours (region, hour, pin_id, weight)
      SELECT new.value ->> 'region', new.value ->> 'hour', new.value ->> 'pinId', sum(new.value ->> 'weight')
      FROM json_each(${rows}) new
      WHERE new.value ->> 'weight' <> 0
        AND NOT EXISTS (SELECT 1 FROM actions a WHERE a.id = new.value ->> 'id')
      GROUP BY 1, 2, 3
      ON CONFLICT (region, hour, pin_id) DO UPDATE SET weight = weight + excluded.weight`),
    database.run(sql`
      INSERT OR IGNORE INTO actions (id, user_id, pin_id, type, region, occurred_at)
      SELECT value ->> 'id', value ->> 'userId', value ->> 'pinId', value ->> 'type', value ->> 'region',
        value ->> 'occurredAt'
      FROM json_each(${rows})`),
  ]);
}
