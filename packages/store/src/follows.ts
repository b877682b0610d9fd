import type { BoardId, UserId } from "@vitrine/contracts";
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { isAfter, type Page, type PageRequest, pageOf } from "./page.ts";
import { follows } from "./schema.ts";
import { isVisible } from "./visibility.ts";

export interface FollowRow {
  followerId: UserId;
  targetId: UserId | BoardId;
  createdAt: number;
}

export interface FollowOutcome {
  /** Undefined when the follower does not exist, or sees no such target. */
  follow: FollowRow | undefined;
  isNew: boolean;
  isTargetVisible: boolean;
}

/** Follows a user or a board that the follower sees. Twice is once. */
export async function follow(
  database: Database,
  { followerId, targetId, createdAt }: FollowRow,
): Promise<FollowOutcome> {
  const target = sql`
    SELECT id FROM users WHERE id = ${targetId}
    UNION ALL SELECT b.id FROM boards b WHERE b.id = ${targetId} AND ${isVisible(followerId)}`;
  const [inserted, kept, seen] = await database.batch([
    database.all(sql`
      INSERT INTO follows (follower_id, target_id, created_at)
      SELECT u.id, target.id, ${createdAt} FROM users u JOIN (${target}) target
      WHERE u.id = ${followerId}
      ON CONFLICT DO NOTHING RETURNING target_id`),
    database.all<FollowRow>(sql`
      SELECT follower_id AS followerId, target_id AS targetId, created_at AS createdAt FROM follows
      WHERE follower_id = ${followerId} AND target_id = ${targetId}`),
    database.all(target),
  ]);
  const isTargetVisible = seen.length > 0;
  return { follow: isTargetVisible ? kept[0] : undefined, isNew: inserted.length > 0, isTargetVisible };
}

/** Ends a follow; ending none is no error. */
export async function unfollow(database: Database, { followerId, targetId }: Omit<FollowRow, "createdAt">) {
  await database.delete(follows).where(and(eq(follows.followerId, followerId), eq(follows.targetId, targetId)));
}

/** Whom and what somebody follows, newest first; without what was deleted or turned secret since. */
export async function listFollowsOf(
  database: Database,
  { followerId, limit, after }: PageRequest & { followerId: UserId },
): Promise<Page<FollowRow>> {
  const rows = await database.all<FollowRow>(sql`
    SELECT f.follower_id AS followerId, f.target_id AS targetId, f.created_at AS createdAt
    FROM follows f LEFT JOIN users u ON u.id = f.target_id LEFT JOIN boards b ON b.id = f.target_id
    WHERE f.follower_id = ${followerId} AND (u.id IS NOT NULL OR b.id IS NOT NULL AND ${isVisible(followerId)})
      AND ${isAfter(after, sql`f.created_at`, sql`f.target_id`)}
    ORDER BY f.created_at DESC, f.target_id DESC LIMIT ${limit + 1}`);
  return pageOf(rows, limit, ({ createdAt, targetId }) => ({ at: createdAt, id: targetId }));
}
