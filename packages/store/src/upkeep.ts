/** Queries of work by the clock: what waits too long, what is too old, and samples to learn from. */
import type { PinId } from "@vitrine/contracts";
import { type SQL, sql } from "drizzle-orm";
import { bytesOf } from "./actions.ts";
import type { Database } from "./database.ts";

/**
 * Takes pins that have been provisional since before `waitingSince` and touches them, so that the next call within that
 * time does not take them again. The longest waiting first.
 */
export async function takeWaitingPins(
  database: Database,
  { waitingSince, now, limit }: { waitingSince: number; now: number; limit: number },
): Promise<PinId[]> {
  const rows = await database.all<{ id: PinId }>(sql`
    UPDATE pins SET updated_at = ${now} WHERE id IN (
      SELECT id FROM pins WHERE status = 'provisional' AND updated_at < ${waitingSince} ORDER BY updated_at LIMIT ${limit})
    RETURNING id`);
  return rows.map(({ id }) => id);
}

/** How many different pictures have an embedding. */
export async function countEmbeddings(database: Database): Promise<number> {
  const [row] = await database.all<{ count: number }>(
    sql`SELECT count(*) AS count FROM originals WHERE embedding IS NOT NULL`,
  );
  return row?.count ?? 0;
}

/** Rows of 128 bytes that D1 answers as JSON numbers: 2,000 stay below a megabyte. */
const rowsPerSlice = 2_000;

/**
 * Up to `limit` visual embeddings (int8). A hash is as good as random, so the first ones by hash are a fair sample, and
 * the same one each time.
 */
export async function sampleEmbeddings(database: Database, limit: number): Promise<Uint8Array[]> {
  const sample: Uint8Array[] = [];
  let after = "";
  while (sample.length < limit) {
    const wanted = Math.min(rowsPerSlice, limit - sample.length);
    const slice = await database.all<{ hash: string; embedding: ArrayBuffer | number[] }>(sql`
      SELECT hash, embedding FROM originals WHERE embedding IS NOT NULL AND hash > ${after} ORDER BY hash LIMIT ${wanted}`);
    sample.push(...slice.map(({ embedding }) => bytesOf(embedding)));
    after = slice.at(-1)?.hash ?? after;
    if (slice.length < wanted) break;
  }
  return sample;
}

/** What a walk over the originals found; `next` is empty at the end, and where the next walk begins otherwise. */
export interface OriginalScan {
  /** Hashes that no pin of this database shows, in order. */
  unused: string[];
  next: string;
}

/** Walks over the next `limit` originals by hash, after `after`; young ones count as used. */
export async function scanOriginals(
  database: Database,
  { after, createdBefore, limit }: { after: string; createdBefore: number; limit: number },
): Promise<OriginalScan> {
  const [row] = await database.all<{ unused: string; seen: number; last: string | null }>(sql`
    WITH walked AS (SELECT hash, created_at FROM originals WHERE hash > ${after} ORDER BY hash LIMIT ${limit})
    SELECT (SELECT json_group_array(hash) FROM (
        SELECT hash FROM walked w WHERE created_at < ${createdBefore}
          AND NOT EXISTS (SELECT 1 FROM pins p WHERE p.original_hash = w.hash) ORDER BY hash)) AS unused,
      (SELECT count(*) FROM walked) AS seen, (SELECT max(hash) FROM walked) AS last`);
  if (!row) return { unused: [], next: "" };
  return { unused: JSON.parse(row.unused) as string[], next: row.seen < limit ? "" : (row.last ?? "") };
}

/** Whether any pin of this database shows the original. */
export async function isShown(database: Database, originalHash: string): Promise<boolean> {
  const rows = await database.all(sql`SELECT 1 AS shown FROM pins WHERE original_hash = ${originalHash} LIMIT 1`);
  return rows.length > 0;
}

/** Deletes the row of an original, unless a pin of this database shows it. */
export async function forgetOriginal(database: Database, originalHash: string): Promise<void> {
  await database.run(sql`
    DELETE FROM originals WHERE hash = ${originalHash}
      AND NOT EXISTS (SELECT 1 FROM pins WHERE original_hash = ${originalHash})`);
}

/** Tables that forget, by the column that tells their age. */
const aged = {
  actions: { table: sql`actions`, age: sql`occurred_at` },
  trendingHours: { table: sql`trending_hours`, age: sql`hour` },
  idempotencyKeys: { table: sql`idempotency_keys`, age: sql`created_at` },
} as const satisfies Record<string, { table: SQL; age: SQL }>;

/** One statement deletes at most this many rows, well within D1's 30 seconds. */
const rowsPerDelete = 5_000;

/** Deletes up to `limit` rows that are older than `before` (in the unit of the column). Answers how many went. */
export async function deleteOlder(
  database: Database,
  name: keyof typeof aged,
  { before, limit }: { before: number; limit: number },
): Promise<number> {
  const { table, age } = aged[name];
  let deleted = 0;
  while (deleted < limit) {
    const wanted = Math.min(rowsPerDelete, limit - deleted);
    const gone = await database.all(sql`
      DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${age} < ${before} LIMIT ${wanted})
      RETURNING 1`);
    deleted += gone.length;
    if (gone.length < wanted) break;
  }
  return deleted;
}
