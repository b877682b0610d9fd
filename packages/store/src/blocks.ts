import { limits, type UserId } from "@vitrine/contracts";
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { isAfter, type Page, type PageRequest, pageOf } from "./page.ts";
import { blocks } from "./schema.ts";

export interface BlockRow {
  blockerId: UserId;
  blockedId: UserId;
  createdAt: number;
}

export interface BlockOutcome {
  /** Undefined when the blocker does not exist, or has blocked as many as may be. */
  block: BlockRow | undefined;
  isNew: boolean;
  doesBlockerExist: boolean;
}

/** Blocks a user, who may live in another database. Twice is once. */
export async function block(database: Database, { blockerId, blockedId, createdAt }: BlockRow): Promise<BlockOutcome> {
  const [inserted, kept, blocker] = await database.batch([
    database.all(sql`
      INSERT INTO blocks (blocker_id, blocked_id, created_at)
      SELECT id, ${blockedId}, ${createdAt} FROM users
      WHERE id = ${blockerId} AND (SELECT count(*) FROM blocks WHERE blocker_id = ${blockerId}) < ${limits.maxBlocksPerUser}
      ON CONFLICT DO NOTHING RETURNING blocked_id`),
    database.all<BlockRow>(sql`
      SELECT blocker_id AS blockerId, blocked_id AS blockedId, created_at AS createdAt FROM blocks
      WHERE blocker_id = ${blockerId} AND blocked_id = ${blockedId}`),
    database.all(sql`SELECT 1 FROM users WHERE id = ${blockerId}`),
  ]);
  return { block: kept[0], isNew: inserted.length > 0, doesBlockerExist: blocker.length > 0 };
}

/** Ends a block; ending none is no error. */
export async function unblock(database: Database, { blockerId, blockedId }: Omit<BlockRow, "createdAt">) {
  await database.delete(blocks).where(and(eq(blocks.blockerId, blockerId), eq(blocks.blockedId, blockedId)));
}

/** Whom somebody blocks, newest first. */
export async function listBlocksOf(
  database: Database,
  { blockerId, limit, after }: PageRequest & { blockerId: UserId },
): Promise<Page<BlockRow>> {
  const rows = await database.all<BlockRow>(sql`
    SELECT blocker_id AS blockerId, blocked_id AS blockedId, created_at AS createdAt FROM blocks
    WHERE blocker_id = ${blockerId} AND ${isAfter(after, sql`created_at`, sql`blocked_id`)}
    ORDER BY created_at DESC, blocked_id DESC LIMIT ${limit + 1}`);
  return pageOf(rows, limit, ({ createdAt, blockedId }) => ({ at: createdAt, id: blockedId }));
}
