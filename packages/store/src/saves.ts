import type { BoardId, PinId, UserId } from "@vitrine/contracts";
import { sql } from "drizzle-orm";
import { type BoardView, boardOf, type NewBoard, selectBoard } from "./boards.ts";
import type { Database } from "./database.ts";
import { isAfter, type Page, type PageRequest, pageOf } from "./page.ts";
import { type PinRow, type PinView, pinColumns, toPinView } from "./pins.ts";
import { isMember, isVisible } from "./visibility.ts";

export interface SaveRow {
  userId: UserId;
  pinId: PinId;
  boardId: BoardId;
  createdAt: number;
}

export interface SaveOutcome {
  /** Undefined when the pin, the board or the user does not allow it; the other fields say which. */
  save: SaveRow | undefined;
  isNew: boolean;
  isPinVisible: boolean;
  /** The board as the user sees it; undefined when there is none. */
  board: BoardView | undefined;
}

/** Saves a pin to a board of which the user is a member. Twice is once. */
export async function savePin(database: Database, save: SaveRow): Promise<SaveOutcome> {
  const [inserted, saved, pin, board] = await database.batch([
    insertSave(database, save, save.boardId),
    selectSave(database, save, save.boardId),
    selectVisiblePin(database, save),
    selectBoard(database, save.boardId, save.userId),
  ]);
  return { save: saved[0], isNew: inserted.length > 0, isPinVisible: pin.length > 0, board: boardOf(board) };
}

/**
 * Saves a pin to the user's first board, or to `firstBoard`, which is kept when the user exists and has none:
 * one transaction, so that twins make one board.
 */
export async function savePinToFirstBoard(
  database: Database,
  save: Omit<SaveRow, "boardId">,
  firstBoard: NewBoard,
): Promise<SaveOutcome> {
  const chosen = sql`(SELECT id FROM boards WHERE owner_id = ${save.userId} ORDER BY created_at, id LIMIT 1)`;
  const [, inserted, saved, pin, board] = await database.batch([
    database.run(sql`
      INSERT INTO boards (id, owner_id, name, description, visibility, created_at)
      SELECT ${firstBoard.id}, u.id, ${firstBoard.name}, ${firstBoard.description}, ${firstBoard.visibility},
        ${firstBoard.createdAt}
      FROM users u WHERE u.id = ${save.userId} AND NOT EXISTS (SELECT 1 FROM boards WHERE owner_id = u.id)
        AND EXISTS (${visiblePin(save)})`),
    insertSave(database, save, chosen),
    selectSave(database, save, chosen),
    selectVisiblePin(database, save),
    selectBoard(database, chosen, save.userId),
  ]);
  return { save: saved[0], isNew: inserted.length > 0, isPinVisible: pin.length > 0, board: boardOf(board) };
}

/** Takes a pin off one board, or off all boards where the user saved it. Answers whether none of the saves is left. */
export async function unsavePin(
  database: Database,
  { userId, pinId, boardId }: { userId: UserId; pinId: PinId; boardId: BoardId | undefined },
): Promise<{ wasSaved: boolean; isStillSaved: boolean }> {
  const [deleted, left] = await database.batch([
    database.all(sql`
      DELETE FROM saves WHERE user_id = ${userId} AND pin_id = ${pinId}
        AND board_id = coalesce(${boardId ?? null}, board_id) RETURNING board_id`),
    database.all(sql`SELECT 1 FROM saves WHERE user_id = ${userId} AND pin_id = ${pinId} LIMIT 1`),
  ]);
  return { wasSaved: deleted.length > 0, isStillSaved: left.length > 0 };
}

/** A user's saves, newest first, as far as the viewer sees both the board and the pin. */
export async function listSavesOf(
  database: Database,
  { userId, viewer, limit, after }: PageRequest & { userId: UserId; viewer: UserId | null },
): Promise<Page<SaveRow & { pin: PinView }>> {
  const columns = pinColumns(viewer, sql`, s.board_id AS savedTo, s.created_at AS savedAt`);
  const rows = await database.all<PinRow & { savedTo: BoardId; savedAt: number }>(sql`${columns}
    JOIN saves s ON s.pin_id = p.id JOIN boards home ON home.id = s.board_id
    WHERE s.user_id = ${userId} AND ${isVisible(viewer)} AND ${isVisible(viewer, "home")}
      AND (p.status = 'ready' OR ${isMember(viewer)})
      AND ${isAfter(after, sql`s.created_at`, sql`s.pin_id || s.board_id`)}
    ORDER BY s.created_at DESC, s.pin_id || s.board_id DESC LIMIT ${limit + 1}`);
  const page = pageOf(rows, limit, (row) => ({ at: row.savedAt, id: row.id + row.savedTo }));
  const items = page.items.map(({ savedTo, savedAt, ...row }) => {
    return { userId, pinId: row.id, boardId: savedTo, createdAt: savedAt, pin: toPinView(row) };
  });
  return { ...page, items };
}

type SaveKey = Omit<SaveRow, "boardId">;
type BoardChoice = Parameters<typeof selectBoard>[1];

function insertSave(database: Database, { userId, pinId, createdAt }: SaveKey, boardId: BoardChoice) {
  return database.all(sql`
    INSERT INTO saves (user_id, pin_id, board_id, created_at)
    SELECT ${userId}, ${pinId}, b.id, ${createdAt} FROM boards b
    WHERE b.id = ${boardId} AND ${isMember(userId)} AND EXISTS (${visiblePin({ userId, pinId })})
    ON CONFLICT DO NOTHING RETURNING board_id`);
}

function selectSave(database: Database, { userId, pinId }: SaveKey, boardId: BoardChoice) {
  return database.all<SaveRow>(sql`
    SELECT user_id AS userId, pin_id AS pinId, board_id AS boardId, created_at AS createdAt FROM saves
    WHERE user_id = ${userId} AND pin_id = ${pinId} AND board_id = ${boardId}`);
}

function selectVisiblePin(database: Database, save: SaveKey) {
  return database.all(visiblePin(save));
}

function visiblePin({ userId, pinId }: Pick<SaveKey, "userId" | "pinId">) {
  return sql`SELECT 1 FROM pins p JOIN boards home ON home.id = p.board_id
    WHERE p.id = ${pinId} AND ${isVisible(userId, "home")}`;
}
