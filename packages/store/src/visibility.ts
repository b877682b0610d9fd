/** Who sees what, as SQL: a thing is visible when its board is public, or to the board's owner and collaborators. */
import type { UserId } from "@vitrine/contracts";
import { type SQL, sql } from "drizzle-orm";

/** The alias under which a query has joined `boards`. */
export type BoardAlias = "b" | "home" | "other";

/** 1 when the viewer (an id, or an expression of the query) is the board's owner or one of its collaborators. */
export function isMember(viewer: UserId | SQL | null, alias: BoardAlias = "b"): SQL {
  if (viewer === null) return sql`0`;
  const board = sql.identifier(alias);
  return sql`(${board}.owner_id = ${viewer} OR EXISTS (
    SELECT 1 FROM board_collaborators c WHERE c.board_id = ${board}.id AND c.user_id = ${viewer}))`;
}

/** 1 when the viewer may see the board and what is on it. */
export function isVisible(viewer: UserId | SQL | null, alias: BoardAlias = "b"): SQL {
  return sql`(${sql.identifier(alias)}.visibility = 'public' OR ${isMember(viewer, alias)})`;
}
