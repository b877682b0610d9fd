/** Making pins: once for each idempotency key, one original for the same bytes, all in one transaction. */
import type { BoardId, PinId, PinStatus, UserId } from "@vitrine/contracts";
import { sql } from "drizzle-orm";
import { type BoardView, boardOf, selectBoard } from "./boards.ts";
import type { Database } from "./database.ts";
import { type PinRow, type PinView, pinColumns, toPinView } from "./pins.ts";
import { isMember } from "./visibility.ts";

export interface NewPin {
  id: PinId;
  userId: UserId;
  boardId: BoardId;
  imageUrl: string | null;
  title: string;
  description: string;
  link: string | null;
  category: string | null;
  status: PinStatus;
  createdAt: number;
  /** The picture, whose bytes lie in the originals bucket already; null by URL and for words alone. */
  original: { hash: string; contentType: string; bytes: number } | null;
  idempotencyKey: string | null;
}

/** What is known before the work: the board as the creator sees it, and what the key made before. */
export interface CreationContext {
  board: BoardView | undefined;
  /** The pin that the key made; `deleted` when it is no more; undefined when the key is new. */
  previous: PinView | "deleted" | undefined;
}

/** One round trip: may the user put a pin on the board, and was the key used before? */
export async function getCreationContext(
  database: Database,
  { userId, boardId, idempotencyKey }: Pick<NewPin, "userId" | "boardId" | "idempotencyKey">,
): Promise<CreationContext> {
  const [board, keys, pins] = await database.batch([
    selectBoard(database, boardId, userId),
    database.all(sql`SELECT 1 FROM idempotency_keys WHERE user_id = ${userId} AND key = ${idempotencyKey}`),
    database.all<PinRow>(sql`${pinColumns(userId)}
      JOIN idempotency_keys k ON k.pin_id = p.id WHERE k.user_id = ${userId} AND k.key = ${idempotencyKey}`),
  ]);
  const made = pins[0] && toPinView(pins[0]);
  return { board: boardOf(board), previous: keys.length > 0 ? (made ?? "deleted") : undefined };
}

/**
 * Keeps the pin, unless a twin with the same key was faster: then the twin's pin is answered, with `isNew` false.
 * Undefined when the board or the membership ended in the meantime.
 */
export async function createPin(
  database: Database,
  pin: NewPin,
): Promise<{ pin: PinView; isNew: boolean } | undefined> {
  const usedKey = sql`SELECT pin_id FROM idempotency_keys WHERE user_id = ${pin.userId} AND key = ${pin.idempotencyKey}`;
  const [inserted, , , rows] = await database.batch([
    database.all(sql`
      INSERT INTO pins (id, user_id, board_id, original_hash, image_url, title, description, link, category, status,
        duplicate_of, created_at, updated_at)
      SELECT ${pin.id}, ${pin.userId}, b.id, ${pin.original?.hash ?? null}, ${pin.imageUrl}, ${pin.title},
        ${pin.description}, ${pin.link}, ${pin.category}, ${pin.status},
        (SELECT id FROM pins WHERE original_hash = ${pin.original?.hash ?? null} ORDER BY created_at, id LIMIT 1),
        ${pin.createdAt}, ${pin.createdAt}
      FROM boards b WHERE b.id = ${pin.boardId} AND ${isMember(pin.userId)} AND NOT EXISTS (${usedKey})
      RETURNING id`),
    database.run(sql`
      INSERT INTO idempotency_keys (user_id, key, pin_id, created_at)
      SELECT user_id, ${pin.idempotencyKey}, id, created_at FROM pins
      WHERE id = ${pin.id} AND ${pin.idempotencyKey} IS NOT NULL`),
    insertOriginal(database, pin),
    database.all<PinRow>(sql`${pinColumns(pin.userId)} WHERE p.id = coalesce((${usedKey}), ${pin.id})`),
  ]);
  const [row] = rows;
  return row && { pin: toPinView(row), isNew: inserted.length > 0 };
}

/** The picture's row, if the pin was kept and the picture is new. */
function insertOriginal(database: Database, { id, original }: NewPin) {
  return database.run(sql`
    INSERT INTO originals (hash, content_type, bytes, first_pin_id, created_at)
    SELECT original_hash, ${original?.contentType ?? null}, ${original?.bytes ?? null}, id, created_at FROM pins
    WHERE id = ${id} AND original_hash IS NOT NULL
    ON CONFLICT DO NOTHING`);
}
