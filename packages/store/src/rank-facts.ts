/** What ranking a caller's own candidates needs of a pin: one row, whoever may see it. */
import type { BoardId, PinId, UserId } from "@vitrine/contracts";
import { sql } from "drizzle-orm";
import { bytesOf } from "./actions.ts";
import type { Databases } from "./database.ts";

export interface RankFacts {
  id: PinId;
  userId: UserId;
  boardId: BoardId;
  /** Who sees it besides nobody: owner and collaborators of its secret board; null for a public one. */
  members: UserId[] | null;
  saves: number;
  /** Visual embedding, int8; empty while there is none. */
  embedding: Uint8Array;
  /** Position of the pin in the model; −1 when the model does not know it. */
  item: number;
  /** base64 of `encodePinVector` in @vitrine/ranking; null when the model does not know the pin. */
  vector: string | null;
}

type RawFacts = Omit<RankFacts, "members" | "embedding"> & {
  members: string | null;
  embedding: ArrayBuffer | number[] | null;
};

/** The pins that exist; the caller checks who sees them. One query a database concerned. */
export async function rankFactsOf(
  databases: Databases,
  pinIds: readonly PinId[],
  model: string | null,
): Promise<RankFacts[]> {
  const byDatabase = Map.groupBy(new Set(pinIds), (pinId) => databases.forId(pinId));
  const answers = await Promise.all(
    [...byDatabase].map(([database, ids]) =>
      database.all<RawFacts>(sql`
        SELECT p.id, p.user_id AS userId, p.board_id AS boardId,
          CASE b.visibility WHEN 'public' THEN NULL ELSE (
            SELECT json_group_array(member) FROM (
              SELECT b.owner_id AS member UNION SELECT c.user_id FROM board_collaborators c WHERE c.board_id = b.id)
          ) END AS members,
          coalesce(counted.saves, 0) AS saves,
          o.embedding, coalesce(m.item, -1) AS item, m.vector
        FROM json_each(${JSON.stringify(ids)}) wanted
        CROSS JOIN pins p ON p.id = wanted.value
        JOIN boards b ON b.id = p.board_id
        LEFT JOIN originals o ON o.hash = p.original_hash
        LEFT JOIN save_counts counted ON counted.pin_id = p.id
        LEFT JOIN pin_models m ON m.pin_id = p.id AND m.model = ${model ?? ""}`),
    ),
  );
  return answers.flat().map(({ members, embedding, ...row }) => ({
    ...row,
    members: members === null ? null : (JSON.parse(members) as UserId[]),
    embedding: bytesOf(embedding),
  }));
}
