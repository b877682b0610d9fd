import { type BoardId, limits, type UserId, type Visibility } from "@vitrine/contracts";
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { isAfter, type Page, type PageRequest, pageOf } from "./page.ts";
import { boardCollaborators, boards } from "./schema.ts";
import { isMember, isVisible } from "./visibility.ts";

/** The name of the board that a user's first save makes. */
export const firstBoardName = "Saves";

/** A board as one viewer sees it. */
export interface BoardView {
  id: BoardId;
  ownerId: UserId;
  name: string;
  description: string;
  visibility: Visibility;
  createdAt: number;
  collaborators: UserId[];
  /** Whether the viewer is owner or collaborator. */
  isMember: boolean;
}

type BoardRow = NewBoard & { collaborators: string; isMember: number };

/** The board, or undefined when there is none that the viewer sees. */
export async function getBoard(database: Database, id: BoardId, viewer: UserId | null) {
  return boardOf(await selectBoard(database, id, viewer));
}

/** The boards that a user owns or works on, as far as the viewer sees them, newest first. */
export async function listBoardsOf(
  database: Database,
  { userId, viewer, limit, after }: PageRequest & { userId: UserId; viewer: UserId | null },
): Promise<Page<BoardView>> {
  const rows = await database.all<BoardRow>(sql`${boardColumns(viewer)}
    WHERE (b.owner_id = ${userId} OR b.id IN (SELECT board_id FROM board_collaborators WHERE user_id = ${userId}))
      AND ${isVisible(viewer)} AND ${isAfter(after, sql`b.created_at`, sql`b.id`)}
    ORDER BY b.created_at DESC, b.id DESC LIMIT ${limit + 1}`);
  const page = pageOf(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  return { ...page, items: page.items.map(toView) };
}

export type NewBoard = Omit<BoardView, "collaborators" | "isMember">;

/** Keeps a new board; answers false when its owner does not exist. */
export async function createBoard(database: Database, board: NewBoard): Promise<boolean> {
  const inserted = await database.all(sql`
    INSERT INTO boards (id, owner_id, name, description, visibility, created_at)
    SELECT ${board.id}, id, ${board.name}, ${board.description}, ${board.visibility}, ${board.createdAt}
    FROM users WHERE id = ${board.ownerId} RETURNING id`);
  return inserted.length > 0;
}

/** The board before and after; nothing changes unless the viewer owns it. */
export async function updateBoard(
  database: Database,
  target: { id: BoardId; viewer: UserId },
  changes: { name?: string | undefined; description?: string | undefined; visibility?: Visibility | undefined },
): Promise<{ before: BoardView | undefined; after: BoardView | undefined }> {
  const { id, viewer } = target;
  const [before, , after] = await database.batch([
    selectBoard(database, id, viewer),
    database.run(sql`
      UPDATE boards SET name = coalesce(${changes.name ?? null}, name),
        description = coalesce(${changes.description ?? null}, description),
        visibility = coalesce(${changes.visibility ?? null}, visibility)
      WHERE id = ${id} AND owner_id = ${viewer}`),
    selectBoard(database, id, viewer),
  ]);
  return { before: boardOf(before), after: boardOf(after) };
}

/** Deletes the board with its pins and all saves of them, if the viewer owns it. Answers what there was. */
export async function deleteBoard(
  database: Database,
  { id, viewer }: { id: BoardId; viewer: UserId },
): Promise<{ board: BoardView | undefined; pinIds: string[] }> {
  const owned = sql`(SELECT id FROM boards WHERE id = ${id} AND owner_id = ${viewer})`;
  const [board, pinRows] = await database.batch([
    selectBoard(database, id, viewer),
    database.all<{ id: string }>(sql`SELECT id FROM pins WHERE board_id = ${owned}`),
    database.run(sql`DELETE FROM saves WHERE pin_id IN (SELECT id FROM pins WHERE board_id = ${owned})`),
    database.run(sql`DELETE FROM saves WHERE board_id = ${owned}`),
    database.run(sql`DELETE FROM pins WHERE board_id = ${owned}`),
    database.run(sql`DELETE FROM board_collaborators WHERE board_id = ${owned}`),
    database.delete(boards).where(and(eq(boards.id, id), eq(boards.ownerId, viewer))),
  ]);
  return { board: boardOf(board), pinIds: pinRows.map((row) => row.id) };
}

/** The facts that decide whether somebody became a collaborator, as they were before. */
export interface CollaboratorChange {
  before: BoardView | undefined;
  after: BoardView | undefined;
  /** Whether the user to be added exists. */
  userExists: boolean;
}

/** Adds a collaborator if the viewer owns the board, the user exists and there is room. Twice is once. */
export async function addCollaborator(
  database: Database,
  { id, viewer, userId, now }: { id: BoardId; viewer: UserId; userId: UserId; now: number },
): Promise<CollaboratorChange> {
  const [before, known, , after] = await database.batch([
    selectBoard(database, id, viewer),
    database.all(sql`SELECT 1 FROM users WHERE id = ${userId}`),
    database.run(sql`
      INSERT INTO board_collaborators (board_id, user_id, created_at)
      SELECT b.id, u.id, ${now} FROM boards b, users u
      WHERE b.id = ${id} AND b.owner_id = ${viewer} AND u.id = ${userId} AND u.id <> b.owner_id
        AND (SELECT count(*) FROM board_collaborators WHERE board_id = b.id) < ${limits.maxCollaboratorsPerBoard}
      ON CONFLICT DO NOTHING`),
    selectBoard(database, id, viewer),
  ]);
  return { before: boardOf(before), after: boardOf(after), userExists: known.length > 0 };
}

/** Takes a collaborator off the board; the owner may, and the collaborator. Answers the board as it was. */
export async function removeCollaborator(
  database: Database,
  { id, viewer, userId }: { id: BoardId; viewer: UserId; userId: UserId },
): Promise<BoardView | undefined> {
  const [before] = await database.batch([
    selectBoard(database, id, viewer),
    database
      .delete(boardCollaborators)
      .where(
        and(
          eq(boardCollaborators.boardId, id),
          eq(boardCollaborators.userId, userId),
          sql`(${userId} = ${viewer} OR EXISTS (SELECT 1 FROM boards WHERE id = ${id} AND owner_id = ${viewer}))`,
        ),
      ),
  ]);
  return boardOf(before);
}

/** The query of one board as the viewer sees it, for batches; read its rows with `boardOf`. */
export function selectBoard(database: Database, id: BoardId | SQL, viewer: UserId | null) {
  return database.all<BoardRow>(sql`${boardColumns(viewer)} WHERE b.id = ${id} AND ${isVisible(viewer)}`);
}

function boardColumns(viewer: UserId | null): SQL {
  return sql`SELECT b.id, b.owner_id AS ownerId, b.name, b.description, b.visibility, b.created_at AS createdAt,
    (SELECT json_group_array(user_id) FROM board_collaborators WHERE board_id = b.id) AS collaborators,
    ${isMember(viewer)} AS isMember
    FROM boards b`;
}

/** The board of `selectBoard`'s rows. */
export function boardOf(rows: BoardRow[]): BoardView | undefined {
  return rows[0] && toView(rows[0]);
}

function toView(row: BoardRow): BoardView {
  return { ...row, collaborators: JSON.parse(row.collaborators) as UserId[], isMember: row.isMember === 1 };
}
