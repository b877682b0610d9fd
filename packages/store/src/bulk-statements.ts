/** The statements of a bulk load. `json` is a list of rows, each a list of values in the order that `new` names them. */
import type { BulkOp } from "@vitrine/contracts";
import { type SQL, sql } from "drizzle-orm";
import { firstBoardName } from "./boards.ts";
import { isMember, isVisible } from "./visibility.ts";

/** Why a row was left out; in the words of its kind. `gone`: somebody took it away again meanwhile. */
export type BulkRefusal =
  | "id-taken"
  | "handle-taken"
  | "unknown-user"
  | "unknown-board"
  | "not-member"
  | "unknown-pin"
  | "unknown-target"
  | "gone";

type InsertedOp = Exclude<BulkOp, "unsave">;

/** Value `i` of a row. */
const at = (i: number): SQL => sql`(new.value ->> ${sql.raw(String(i))})`;

/** Each insert answers one row for each that it took; CROSS JOIN keeps SQLite from walking a table instead of the rows. */
export const insertOf: Record<InsertedOp, (json: string, now: number) => SQL> = {
  user: (json) => sql`
    INSERT INTO users (id, handle, name, created_at)
    SELECT ${at(0)}, ${at(1)}, ${at(2)}, ${at(3)} FROM json_each(${json}) new WHERE true
    ON CONFLICT DO NOTHING RETURNING NULL AS waiting`,

  board: (json) => sql`
    INSERT INTO boards (id, owner_id, name, description, visibility, created_at)
    SELECT ${at(0)}, u.id, ${at(2)}, '', ${at(3)}, ${at(4)}
    FROM json_each(${json}) new CROSS JOIN users u WHERE u.id = ${at(1)}
    ON CONFLICT DO NOTHING RETURNING NULL AS waiting`,

  // Waiting since now, however old the pin: the sweep takes up what has waited for long.
  pin: (json, now) => sql`
    INSERT INTO pins (id, user_id, board_id, created_at, title, description, category, link, image_url, status, updated_at)
    SELECT ${at(0)}, ${at(1)}, b.id, ${at(3)}, ${at(4)}, ${at(5)}, ${at(6)}, ${at(7)}, ${at(8)},
      CASE WHEN ${at(8)} IS NULL THEN 'ready' ELSE 'provisional' END, ${now}
    FROM json_each(${json}) new CROSS JOIN boards b WHERE b.id = ${at(2)} AND ${isMember(at(1))}
    ON CONFLICT DO NOTHING RETURNING CASE WHEN status = 'provisional' THEN id END AS waiting`,

  save: (json) => sql`
    INSERT INTO saves (user_id, pin_id, board_id, created_at)
    SELECT ${at(0)}, ${at(1)}, b.id, ${at(3)}
    FROM json_each(${json}) new CROSS JOIN boards b
    WHERE b.id = ${boardOfSave} AND ${isMember(at(0))} AND EXISTS (${visiblePin})
    ON CONFLICT DO NOTHING RETURNING NULL AS waiting`,

  follow: (json) => sql`
    INSERT INTO follows (follower_id, target_id, created_at)
    SELECT u.id, ${at(1)}, ${at(2)} FROM json_each(${json}) new CROSS JOIN users u
    WHERE u.id = ${at(0)} AND ${isTargetVisible}
    ON CONFLICT DO NOTHING RETURNING NULL AS waiting`,
};

/** Where a save goes: the board that it names, or its user's first. */
const boardOfSave = sql`coalesce(${at(2)},
  (SELECT mine.id FROM boards mine WHERE mine.owner_id = ${at(0)} ORDER BY mine.created_at, mine.id LIMIT 1))`;

const visiblePin = sql`SELECT 1 FROM pins p JOIN boards home ON home.id = p.board_id
  WHERE p.id = ${at(1)} AND ${isVisible(at(0), "home")}`;

const isTargetVisible = sql`(EXISTS (SELECT 1 FROM users target WHERE target.id = ${at(1)})
  OR EXISTS (SELECT 1 FROM boards b WHERE b.id = ${at(1)} AND ${isVisible(at(0))}))`;

/** Makes the first board of users who have none and save a pin that they see without naming a board. */
export function insertFirstBoards(json: string, now: number): SQL {
  return sql`
    INSERT INTO boards (id, owner_id, name, description, visibility, created_at)
    SELECT min(${at(4)}), u.id, ${firstBoardName}, '', 'public', ${now}
    FROM json_each(${json}) new CROSS JOIN users u
    WHERE ${at(2)} IS NULL AND u.id = ${at(0)} AND NOT EXISTS (SELECT 1 FROM boards WHERE owner_id = u.id)
      AND EXISTS (${visiblePin})
    GROUP BY u.id RETURNING NULL AS waiting`;
}

/** Rows that are not there after the insert, by their place in the list, and why. */
const refusals: Record<InsertedOp, (json: string) => SQL> = {
  user: (json) => sql`
    SELECT new.key AS place,
      CASE WHEN EXISTS (SELECT 1 FROM users WHERE handle = ${at(1)}) THEN 'handle-taken'
        WHEN EXISTS (SELECT 1 FROM users WHERE id = ${at(0)}) THEN 'id-taken' ELSE 'gone' END AS reason
    FROM json_each(${json}) new
    WHERE NOT EXISTS (SELECT 1 FROM users WHERE id = ${at(0)} AND handle = ${at(1)})`,

  board: (json) => sql`
    SELECT new.key AS place,
      CASE WHEN EXISTS (SELECT 1 FROM boards WHERE id = ${at(0)}) THEN 'id-taken'
        WHEN NOT EXISTS (SELECT 1 FROM users WHERE id = ${at(1)}) THEN 'unknown-user' ELSE 'gone' END AS reason
    FROM json_each(${json}) new
    WHERE NOT EXISTS (SELECT 1 FROM boards WHERE id = ${at(0)} AND owner_id = ${at(1)})`,

  pin: (json) => sql`
    SELECT new.key AS place,
      CASE WHEN EXISTS (SELECT 1 FROM pins WHERE id = ${at(0)}) THEN 'id-taken'
        WHEN b.id IS NULL THEN 'unknown-board' WHEN NOT ${isMember(at(1))} THEN 'not-member' ELSE 'gone' END AS reason
    FROM json_each(${json}) new LEFT JOIN boards b ON b.id = ${at(2)} AND ${isVisible(at(1))}
    WHERE NOT EXISTS (SELECT 1 FROM pins WHERE id = ${at(0)} AND user_id = ${at(1)} AND board_id = ${at(2)})`,

  save: (json) => sql`
    SELECT new.key AS place,
      CASE WHEN NOT EXISTS (${visiblePin}) THEN 'unknown-pin'
        WHEN b.id IS NULL THEN CASE WHEN ${at(2)} IS NULL THEN 'unknown-user' ELSE 'unknown-board' END
        WHEN NOT ${isMember(at(0))} THEN 'not-member' ELSE 'gone' END AS reason
    FROM json_each(${json}) new LEFT JOIN boards b ON b.id = ${boardOfSave} AND ${isVisible(at(0))}
    WHERE NOT EXISTS (
      SELECT 1 FROM saves WHERE user_id = ${at(0)} AND pin_id = ${at(1)} AND board_id = ${boardOfSave})`,

  follow: (json) => sql`
    SELECT new.key AS place,
      CASE WHEN NOT EXISTS (SELECT 1 FROM users WHERE id = ${at(0)}) THEN 'unknown-user'
        WHEN NOT ${isTargetVisible} THEN 'unknown-target' ELSE 'gone' END AS reason
    FROM json_each(${json}) new
    WHERE NOT EXISTS (SELECT 1 FROM follows WHERE follower_id = ${at(0)} AND target_id = ${at(1)})`,
};

/** The question why rows of a kind were left out; an unsave never is. */
export function refusalsOf(op: BulkOp, json: string): SQL[] {
  return op === "unsave" ? [] : [refusals[op](json)];
}

/** Takes pins off all boards where their users saved them. */
export function removeSaves(json: string): SQL {
  return sql`
    DELETE FROM saves WHERE rowid IN (
      SELECT s.rowid FROM json_each(${json}) new CROSS JOIN saves s WHERE s.user_id = ${at(0)} AND s.pin_id = ${at(1)})
    RETURNING user_id AS userId, pin_id AS pinId`;
}
