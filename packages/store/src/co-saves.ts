/** The pin-board graph: which pins lie on the boards that hold a pin. Only what is public counts, for everybody. */
import type { BoardId, PinId } from "@vitrine/contracts";
import { sql } from "drizzle-orm";
import type { Databases } from "./database.ts";

export interface WalkSeed {
  pinId: PinId;
  /** At most so many boards that hold it are walked over, those that took it in last first. */
  boards: number;
}

export interface CoSave {
  seed: PinId;
  pinId: PinId;
  /** Σ over the boards walked of 1 / pins on the board. */
  weight: number;
  /** Boards that were walked over from this seed in this database. */
  boards: number;
  /** Saves of the pin, counted up to `maxCountedSaves`. */
  saves: number;
}

/** Of a board the last pins alone; and of a pin's saves only so many are looked at. */
const maxPinsPerBoard = 100;
const maxSavesLookedAt = 1_000;
/** A pin with more saves is no more common than this for what it is counted for. */
const maxCountedSaves = 5_000;
/** Pins answered for a seed: those with most weight. */
const maxFoundPerSeed = 300;

/**
 * One step from each seed: to the public boards that hold it, and from these to what else they hold, public or not (the
 * caller asks for cards of public pins alone). Bounded by `boards` × 100 pins a seed. One query to every database.
 */
export async function coSavesOf(databases: Databases, seeds: readonly WalkSeed[]): Promise<CoSave[]> {
  if (seeds.length === 0) return [];
  const wanted = JSON.stringify(seeds);
  const answers = await Promise.all(
    databases.all().map((database) =>
      // Row ids grow with time, and an index on one column is in their order within it: the newest come without a sort.
      database.all<CoSave>(sql`
        WITH seeds AS (SELECT value ->> 'pinId' AS seed, value ->> 'boards' AS most FROM json_each(${wanted})),
        holding AS (
          SELECT x.seed, x.most, s.board_id AS board, s.created_at AS at FROM seeds x CROSS JOIN saves s ON s.pin_id = x.seed
          WHERE s.rowid IN (SELECT rowid FROM saves WHERE pin_id = x.seed ORDER BY rowid DESC LIMIT ${maxSavesLookedAt})
          UNION ALL SELECT x.seed, x.most, p.board_id, p.created_at FROM seeds x CROSS JOIN pins p ON p.id = x.seed),
        open AS (
          SELECT h.seed, h.most, h.board, max(h.at) AS at FROM holding h
          CROSS JOIN boards b ON b.id = h.board AND b.visibility = 'public' GROUP BY h.seed, h.board),
        chosen AS (
          SELECT seed, board, count(*) OVER (PARTITION BY seed) AS boards FROM (
            SELECT *, row_number() OVER (PARTITION BY seed ORDER BY at DESC, board) AS place FROM open)
          WHERE place <= most),
        visits AS (
          SELECT c.seed, c.board, c.boards, s.pin_id AS pin FROM chosen c CROSS JOIN saves s ON s.board_id = c.board
          WHERE s.rowid IN (
            SELECT rowid FROM saves WHERE board_id = c.board ORDER BY created_at DESC LIMIT ${maxPinsPerBoard})
          UNION SELECT c.seed, c.board, c.boards, p.id FROM chosen c CROSS JOIN pins p ON p.board_id = c.board
          WHERE p.rowid IN (
            SELECT rowid FROM pins WHERE board_id = c.board ORDER BY created_at DESC LIMIT ${maxPinsPerBoard})),
        sized AS (SELECT *, count(*) OVER (PARTITION BY seed, board) AS size FROM visits),
        found AS (
          SELECT seed, pin, sum(1.0 / size) AS weight, max(boards) AS boards,
            row_number() OVER (PARTITION BY seed ORDER BY sum(1.0 / size) DESC, pin) AS place
          FROM sized WHERE pin <> seed GROUP BY seed, pin)
        SELECT seed, pin AS pinId, weight, boards,
          min(coalesce((SELECT saves FROM save_counts c WHERE c.pin_id = pin), 0), ${maxCountedSaves}) AS saves
        FROM found WHERE place <= ${maxFoundPerSeed}`),
    ),
  );
  return answers.flat();
}

/** The last public pins on a board, newest first, whoever may see the board: the caller checks that. */
export async function lastPinsOn(databases: Databases, boardId: BoardId, limit: number): Promise<PinId[]> {
  const rows = await databases.forId(boardId).all<{ id: PinId }>(sql`
    SELECT p.id FROM (
      SELECT pin_id AS id, created_at AS at FROM (
        SELECT pin_id, created_at FROM saves WHERE board_id = ${boardId} ORDER BY created_at DESC LIMIT ${limit})
      UNION ALL SELECT id, created_at FROM (
        SELECT id, created_at FROM pins WHERE board_id = ${boardId} ORDER BY created_at DESC LIMIT ${limit})) held
    CROSS JOIN pins p ON p.id = held.id
    CROSS JOIN boards b ON b.id = p.board_id AND b.visibility = 'public'
    GROUP BY p.id ORDER BY max(held.at) DESC, p.id LIMIT ${limit}`);
  return rows.map(({ id }) => id);
}
