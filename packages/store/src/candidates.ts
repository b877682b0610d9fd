/** What fragments are built of: public, ready pins with a picture, with everything that ranking needs. */
import type { BoardId, PinId, UserId } from "@vitrine/contracts";
import { type SQL, sql } from "drizzle-orm";
import { bytesOf } from "./actions.ts";
import type { Database, Databases } from "./database.ts";

export interface CandidateRow {
  id: PinId;
  userId: UserId;
  boardId: BoardId;
  title: string;
  category: string | null;
  width: number | null;
  height: number | null;
  colors: string[];
  /** int8; empty while there is none. */
  embedding: Uint8Array;
  createdAt: number;
  saves: number;
}

/** Those of the pins that are public, ready and have a picture, in the order of `pinIds`. One query a database. */
export async function candidatesByIds(databases: Databases, pinIds: readonly PinId[]): Promise<CandidateRow[]> {
  if (pinIds.length === 0) return [];
  const ids = JSON.stringify(pinIds);
  const rows = await fromAll(databases, sql`json_each(${ids}) wanted JOIN pins p ON p.id = wanted.value`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return pinIds.flatMap((id) => byId.get(id) ?? []);
}

/**
 * The newest public pins, newest first, of each creator at most a fifth, so that one who imports thousands leaves room
 * for others; what places are left then go to the newest of all.
 */
export async function freshCandidates(databases: Databases, limit: number): Promise<CandidateRow[]> {
  const perCreator = Math.ceil(limit / 5);
  // The newest 20 × limit suffice to look at: beyond these nothing is fresh.
  const newest = sql`(
    SELECT p.*, row_number() OVER (PARTITION BY p.user_id ORDER BY p.created_at DESC, p.id DESC) > ${perCreator} AS is_crowded
    FROM (SELECT p.* FROM pins p JOIN boards b ON b.id = p.board_id
      WHERE p.status = 'ready' AND p.original_hash IS NOT NULL AND b.visibility = 'public'
      ORDER BY p.id DESC LIMIT ${limit * 20}) p
  ) p`;
  const rows = await fromAll(
    databases,
    newest,
    sql`ORDER BY p.is_crowded, p.created_at DESC, p.id DESC LIMIT ${limit}`,
  );
  return rows.toSorted(newestFirst).slice(0, limit);
}

/** The newest public pins of a user or on a board, those saved to the board included. */
export async function candidatesOf(
  databases: Databases,
  followed: UserId | BoardId,
  limit: number,
): Promise<CandidateRow[]> {
  const isBoard = followed.startsWith("brd_");
  const source = isBoard
    ? sql`(SELECT id FROM pins WHERE board_id = ${followed} UNION SELECT pin_id FROM saves WHERE board_id = ${followed}
        AND EXISTS (SELECT 1 FROM boards home WHERE home.id = ${followed} AND home.visibility = 'public')) listed
        JOIN pins p ON p.id = listed.id`
    : sql`pins p`;
  const whose = isBoard ? sql`1` : sql`p.user_id = ${followed}`;
  const order = sql`AND ${whose} ORDER BY p.created_at DESC, p.id DESC LIMIT ${limit}`;
  const rows = await fromAll({ ...databases, all: () => [databases.forId(followed)] }, source, order);
  return rows.toSorted(newestFirst).slice(0, limit);
}

type RawRow = Omit<CandidateRow, "colors" | "embedding"> & {
  colors: string | null;
  embedding: ArrayBuffer | number[] | null;
};

async function fromAll(databases: Databases, source: SQL, more: SQL = sql``): Promise<CandidateRow[]> {
  const answers = await Promise.all(databases.all().map((database) => candidatesIn(database, source, more)));
  return answers.flat();
}

/** `source` brings pins as `p`; `more` goes on after the conditions. */
async function candidatesIn(database: Database, source: SQL, more: SQL): Promise<CandidateRow[]> {
  const rows = await database.all<RawRow>(sql`
    SELECT p.id, p.user_id AS userId, p.board_id AS boardId, p.title, p.category, p.created_at AS createdAt,
      o.width, o.height, o.colors, o.embedding,
      (SELECT count(*) FROM saves s WHERE s.pin_id = p.id) AS saves
    FROM ${source}
    JOIN boards b ON b.id = p.board_id AND b.visibility = 'public'
    JOIN originals o ON o.hash = p.original_hash
    WHERE p.status = 'ready' ${more}`);
  return rows.map(({ colors, embedding, ...row }) => ({
    ...row,
    colors: colors === null ? [] : (JSON.parse(colors) as string[]),
    embedding: bytesOf(embedding),
  }));
}

function newestFirst(a: CandidateRow, b: CandidateRow): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}
