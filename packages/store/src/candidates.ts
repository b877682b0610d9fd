/** What fragments are built of: public, ready pins, with everything that ranking needs. */
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
  /** False for a pin of words alone. */
  hasPicture: boolean;
  /** Visual embedding, int8; empty while there is none. */
  embedding: Uint8Array;
  /** Position of the pin in the model; −1 when the model does not know it. */
  item: number;
  /** base64 of `encodePinVector` in @vitrine/ranking; null when the model does not know the pin. */
  vector: string | null;
  createdAt: number;
  saves: number;
}

/** The version of the model whose numbers come with the pins; null for none. */
export type ModelOfCandidates = string | null;

/** Those of the pins that are public and ready, in the order of `pinIds`. One query a database. */
export async function candidatesByIds(
  databases: Databases,
  pinIds: readonly PinId[],
  model: ModelOfCandidates = null,
): Promise<CandidateRow[]> {
  if (pinIds.length === 0) return [];
  const ids = JSON.stringify(pinIds);
  const rows = await fromAll(databases, model, sql`json_each(${ids}) wanted CROSS JOIN pins p ON p.id = wanted.value`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return pinIds.flatMap((id) => byId.get(id) ?? []);
}

/** The public, ready pins at positions of a model, by their position. One query to every database. */
export async function candidatesAt(
  databases: Databases,
  model: string,
  items: readonly number[],
): Promise<Map<number, CandidateRow>> {
  if (items.length === 0) return new Map();
  const wanted = JSON.stringify(items);
  const source = sql`json_each(${wanted}) wanted
    CROSS JOIN pin_models placed ON placed.model = ${model} AND placed.item = wanted.value
    CROSS JOIN pins p ON p.id = placed.pin_id`;
  const rows = await fromAll(databases, model, source);
  return new Map(rows.map((row) => [row.item, row]));
}

/**
 * The newest public pins, newest first, of each creator at most a fifth, so that one who imports thousands leaves room
 * for others; what places are left then go to the newest of all.
 */
export async function freshCandidates(
  databases: Databases,
  limit: number,
  model: ModelOfCandidates = null,
): Promise<CandidateRow[]> {
  const perCreator = Math.ceil(limit / 5);
  // The newest 20 × limit suffice to look at: beyond these nothing is fresh. The plus keeps SQLite from the index by status,
  // for which it would sort the catalogue: ids are in the order of time.
  const newest = sql`(
    SELECT id FROM (
      SELECT id, created_at, row_number() OVER (PARTITION BY user_id ORDER BY created_at DESC, id DESC) > ${perCreator} AS is_crowded
      FROM (SELECT p.id, p.user_id, p.created_at FROM pins p CROSS JOIN boards b ON b.id = p.board_id
        WHERE +p.status = 'ready' AND b.visibility = 'public'
        ORDER BY p.id DESC LIMIT ${limit * 20}))
    ORDER BY is_crowded, created_at DESC, id DESC LIMIT ${limit}
  ) newest CROSS JOIN pins p ON p.id = newest.id`;
  const rows = await fromAll(databases, model, newest);
  return rows.toSorted(newestFirst).slice(0, limit);
}

/** The newest public pins of a user or on a board, those saved to the board included. */
export async function candidatesOf(
  databases: Databases,
  followed: UserId | BoardId,
  { limit, model = null }: { limit: number; model?: ModelOfCandidates },
): Promise<CandidateRow[]> {
  const isBoard = followed.startsWith("brd_");
  const theirs = isBoard
    ? sql`(SELECT id FROM pins WHERE board_id = ${followed} UNION SELECT pin_id FROM saves WHERE board_id = ${followed}
        AND EXISTS (SELECT 1 FROM boards home WHERE home.id = ${followed} AND home.visibility = 'public')) listed
        CROSS JOIN pins p ON p.id = listed.id`
    : sql`pins p`;
  // Chosen first: what ranking needs is then read of these alone.
  const newest = sql`(
    SELECT p.id FROM ${theirs} CROSS JOIN boards b ON b.id = p.board_id
    WHERE ${isBoard ? sql`1` : sql`p.user_id = ${followed}`} AND p.status = 'ready' AND b.visibility = 'public'
    ORDER BY p.created_at DESC, p.id DESC LIMIT ${limit}
  ) newest CROSS JOIN pins p ON p.id = newest.id`;
  const rows = await fromAll({ ...databases, all: () => [databases.forId(followed)] }, model, newest);
  return rows.toSorted(newestFirst).slice(0, limit);
}

type RawRow = Omit<CandidateRow, "colors" | "embedding" | "hasPicture"> & {
  colors: string | null;
  hasPicture: number;
  embedding: ArrayBuffer | number[] | null;
};

async function fromAll(databases: Databases, model: ModelOfCandidates, source: SQL): Promise<CandidateRow[]> {
  const answers = await Promise.all(databases.all().map((database) => candidatesIn(database, model, source)));
  return answers.flat();
}

/** `source` brings pins as `p`, by CROSS JOIN (see database.ts). A pin of words alone has no row in `originals`. */
async function candidatesIn(database: Database, model: ModelOfCandidates, source: SQL): Promise<CandidateRow[]> {
  const rows = await database.all<RawRow>(sql`
    SELECT p.id, p.user_id AS userId, p.board_id AS boardId, p.title, p.category, p.created_at AS createdAt,
      p.original_hash IS NOT NULL AS hasPicture, o.width, o.height, o.colors, o.embedding,
      coalesce(m.item, -1) AS item, m.vector,
      coalesce(counted.saves, 0) AS saves
    FROM ${source}
    JOIN boards b ON b.id = p.board_id AND b.visibility = 'public'
    LEFT JOIN originals o ON o.hash = p.original_hash
    LEFT JOIN save_counts counted ON counted.pin_id = p.id
    LEFT JOIN pin_models m ON m.pin_id = p.id AND m.model = ${model ?? ""}
    WHERE p.status = 'ready'`);
  return rows.map(({ colors, hasPicture, embedding, ...row }) => ({
    ...row,
    hasPicture: hasPicture === 1,
    colors: colors === null ? [] : (JSON.parse(colors) as string[]),
    embedding: bytesOf(embedding),
  }));
}

function newestFirst(a: CandidateRow, b: CandidateRow): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}
