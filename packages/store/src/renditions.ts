import type { BoardId, PinId, PinStatus, UserId, Visibility } from "@vitrine/contracts";
import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/** What a rendition of a pin needs to know: which picture it is, and who may see it. */
export interface ShownPicture {
  boardId: BoardId;
  status: PinStatus;
  /** Null for a pin of words alone, and while a picture by URL is not fetched yet. */
  originalHash: string | null;
  imageUrl: string | null;
  visibility: Visibility;
  /** The board's owner and collaborators; empty for a public board, where nobody asks. */
  members: UserId[];
}

/** What ingest found out about a picture; null while it has not. */
export interface PictureFacts {
  contentType: string;
  /** Upright size in pixels. */
  width: number | null;
  height: number | null;
  /** 16 hex digits. */
  perceptualHash: string | null;
  /** Dominant colours, most first. */
  colors: string[];
}

/** The facts of an original, from the database that holds a pin of it. Undefined when it has no row there. */
export async function getPictureFacts(database: Database, originalHash: string): Promise<PictureFacts | undefined> {
  const [row] = await database.all<Omit<PictureFacts, "colors"> & { colors: string | null }>(sql`
    SELECT content_type AS contentType, width, height, perceptual_hash AS perceptualHash, colors
    FROM originals WHERE hash = ${originalHash}`);
  return row && { ...row, colors: JSON.parse(row.colors ?? "[]") as string[] };
}

/** The picture of a pin, whoever asks: the caller checks who may see it. Undefined when there is no such pin. */
export async function getShownPicture(database: Database, id: PinId): Promise<ShownPicture | undefined> {
  const [row] = await database.all<Omit<ShownPicture, "members"> & { members: string }>(sql`
    SELECT p.board_id AS boardId, p.status, p.original_hash AS originalHash, p.image_url AS imageUrl, b.visibility,
      CASE b.visibility WHEN 'public' THEN '[]' ELSE (
        SELECT json_group_array(member) FROM (
          SELECT b.owner_id AS member UNION SELECT c.user_id FROM board_collaborators c WHERE c.board_id = b.id)
      ) END AS members
    FROM pins p JOIN boards b ON b.id = p.board_id WHERE p.id = ${id}`);
  return row && { ...row, members: JSON.parse(row.members) as UserId[] };
}
