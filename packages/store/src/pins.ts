import type { BoardId, PinId, PinStatus, UserId, Visibility } from "@vitrine/contracts";
import { type SQL, sql } from "drizzle-orm";
import type { Database, Databases } from "./database.ts";
import { isAfter, type Page, type PageRequest, pageOf } from "./page.ts";
import { isMember, isVisible } from "./visibility.ts";

/** A pin as one viewer sees it, with what the edge needs to address its renditions. */
export interface PinView {
  id: PinId;
  userId: UserId;
  boardId: BoardId;
  originalHash: string | null;
  title: string;
  description: string;
  link: string | null;
  category: string | null;
  status: PinStatus;
  failure: string | null;
  /** Upright size in pixels. */
  width: number | null;
  height: number | null;
  /** Dominant colours, most first. */
  colors: string[];
  /** Left out when the viewer does not see that pin. */
  duplicateOf: PinId | null;
  saveCount: number;
  createdAt: number;
  updatedAt: number;
  visibility: Visibility;
  /** Whether the viewer is a member of the pin's board. */
  isMember: boolean;
  boardOwnerId: UserId;
}

/** A row of `pinColumns`, as SQLite answers it. */
export type PinRow = Omit<PinView, "colors" | "isMember"> & { colors: string | null; isMember: number };

/** The pin, or undefined when there is none that the viewer sees. */
export async function getPin(database: Database, id: PinId, viewer: UserId | null): Promise<PinView | undefined> {
  const [row] = await selectPin(database, id, viewer);
  return row && toPinView(row);
}

/**
 * What is on a board, newest first: pins made there and pins saved there, each once. Of the saved ones those that the
 * viewer sees; who is no member of a pin's board sees it when it is ready. Undefined when the viewer sees no such board.
 */
export async function listPinsOn(
  database: Database,
  { boardId, viewer, limit, after }: PageRequest & { boardId: BoardId; viewer: UserId | null },
): Promise<Page<PinView> | undefined> {
  const isShown = sql`${isVisible(viewer)} AND (made.status = 'ready' OR ${isMember(viewer)})`;
  const [board, rows] = await database.batch([
    database.all(sql`SELECT 1 FROM boards b WHERE b.id = ${boardId} AND ${isVisible(viewer)}`),
    database.all<PinRow & { at: number }>(sql`
      WITH entries AS (
        SELECT * FROM (
          SELECT made.id AS pin_id, made.created_at AS at FROM pins made JOIN boards b ON b.id = made.board_id
          WHERE made.board_id = ${boardId} AND ${isShown} AND ${isAfter(after, sql`made.created_at`, sql`made.id`)}
          ORDER BY made.created_at DESC, made.id DESC LIMIT ${limit + 1})
        UNION ALL
        SELECT * FROM (
          SELECT s.pin_id, s.created_at AS at
          FROM saves s JOIN pins made ON made.id = s.pin_id JOIN boards b ON b.id = made.board_id
          WHERE s.board_id = ${boardId} AND made.board_id <> s.board_id AND ${isLastSave} AND ${isShown}
            AND ${isAfter(after, sql`s.created_at`, sql`s.pin_id`)}
          ORDER BY s.created_at DESC, s.pin_id DESC LIMIT ${limit + 1}))
      ${pinColumns(viewer, sql`, entries.at AS at`)} JOIN entries ON entries.pin_id = p.id
      ORDER BY entries.at DESC, p.id DESC LIMIT ${limit + 1}`),
  ]);
  if (board.length === 0) return undefined;
  const page = pageOf(rows, limit, ({ at, id }) => ({ at, id }));
  return { ...page, items: page.items.map(toPinView) };
}

/** Several members may have saved the pin to the board: the last of these saves stands for all. */
const isLastSave = sql`NOT EXISTS (
  SELECT 1 FROM boards own LEFT JOIN board_collaborators c ON c.board_id = own.id
  JOIN saves later ON later.user_id IN (own.owner_id, c.user_id) AND later.pin_id = s.pin_id AND later.board_id = s.board_id
  WHERE own.id = s.board_id AND (later.created_at, later.user_id) > (s.created_at, s.user_id))`;

/** Pins of one status, the longest waiting last. For operators: visibility is not asked. */
export async function listPinsByStatus(
  databases: Databases,
  { status, limit, after }: PageRequest & { status: PinStatus },
): Promise<Page<PinView>> {
  const ofEach = databases.all().map((database) =>
    database.all<PinRow>(sql`${pinColumns(null)}
      WHERE p.status = ${status} AND ${isAfter(after, sql`p.updated_at`, sql`p.id`)}
      ORDER BY p.updated_at DESC, p.id DESC LIMIT ${limit + 1}`),
  );
  const rows = (await Promise.all(ofEach)).flat();
  rows.sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1));
  const page = pageOf(rows.slice(0, limit + 1), limit, ({ updatedAt, id }) => ({ at: updatedAt, id }));
  return { ...page, items: page.items.map(toPinView) };
}

/** Corrects the words of a pin if the viewer made it or owns its board. Answers the pin before and after. */
export async function updatePin(
  database: Database,
  { id, viewer, now }: { id: PinId; viewer: UserId; now: number },
  changes: { title?: string | undefined; description?: string | undefined; link?: string | null | undefined },
): Promise<{ before: PinView | undefined; after: PinView | undefined }> {
  const link = changes.link === undefined ? sql`link` : sql`${changes.link}`;
  const [before, , after] = await database.batch([
    selectPin(database, id, viewer),
    database.run(sql`
      UPDATE pins SET title = coalesce(${changes.title ?? null}, title),
        description = coalesce(${changes.description ?? null}, description), link = ${link}, updated_at = ${now}
      WHERE id = ${id} AND ${mayChange(viewer)}`),
    selectPin(database, id, viewer),
  ]);
  return { before: before[0] && toPinView(before[0]), after: after[0] && toPinView(after[0]) };
}

/** Deletes the pin and all saves of it, if the viewer made it or owns its board. Answers the pin as it was. */
export async function deletePin(
  database: Database,
  { id, viewer }: { id: PinId; viewer: UserId },
): Promise<PinView | undefined> {
  const [before] = await database.batch([
    selectPin(database, id, viewer),
    database.run(sql`DELETE FROM pins WHERE id = ${id} AND ${mayChange(viewer)}`),
    database.run(sql`DELETE FROM saves WHERE pin_id = ${id} AND NOT EXISTS (SELECT 1 FROM pins WHERE id = ${id})`),
  ]);
  return before[0] && toPinView(before[0]);
}

/** Puts a failed pin back to provisional, for whoever may change it or (null) for a service. Answers the pin before and after. */
export async function retryPin(
  database: Database,
  { id, viewer, now }: { id: PinId; viewer: UserId | null; now: number },
): Promise<{ before: PinView | undefined; after: PinView | undefined }> {
  const scope = viewer === null ? "service" : viewer;
  const [before, , after] = await database.batch([
    selectPin(database, id, scope),
    database.run(sql`
      UPDATE pins SET status = 'provisional', failure = NULL, updated_at = ${now}
      WHERE id = ${id} AND status = 'failed' AND ${viewer === null ? sql`1` : mayChange(viewer)}`),
    selectPin(database, id, scope),
  ]);
  return { before: before[0] && toPinView(before[0]), after: after[0] && toPinView(after[0]) };
}

/** Whether the viewer may change a row of `pins`: its creator, while a member of a secret board, and the board's owner. */
function mayChange(viewer: UserId): SQL {
  return sql`EXISTS (SELECT 1 FROM boards b WHERE b.id = pins.board_id
    AND (b.owner_id = ${viewer} OR pins.user_id = ${viewer} AND ${isVisible(viewer)}))`;
}

function selectPin(database: Database, id: PinId, viewer: UserId | "service" | null) {
  const who = viewer === "service" ? null : viewer;
  const condition = viewer === "service" ? sql`1` : isVisible(who);
  return database.all<PinRow>(sql`${pinColumns(who)} WHERE p.id = ${id} AND ${condition}`);
}

/** The columns of a `PinRow`, from pins `p`, their boards `b` and originals `o`. */
export function pinColumns(viewer: UserId | null, more: SQL = sql``): SQL {
  return sql`SELECT p.id, p.user_id AS userId, p.board_id AS boardId, p.original_hash AS originalHash, p.title,
    p.description, p.link, p.category, p.status, p.failure, o.width, o.height, o.colors, b.visibility,
    p.created_at AS createdAt, p.updated_at AS updatedAt, b.owner_id AS boardOwnerId,
    coalesce((SELECT saves FROM save_counts WHERE save_counts.pin_id = p.id), 0) AS saveCount,
    (SELECT first.id FROM pins first JOIN boards other ON other.id = first.board_id
      WHERE first.id = p.duplicate_of AND ${isVisible(viewer, "other")}) AS duplicateOf,
    ${isMember(viewer)} AS isMember${more}
    FROM pins p JOIN boards b ON b.id = p.board_id LEFT JOIN originals o ON o.hash = p.original_hash`;
}

/** The view of a row of `pinColumns`. */
export function toPinView({ colors, isMember: member, ...row }: PinRow): PinView {
  return { ...row, colors: colors ? (JSON.parse(colors) as string[]) : [], isMember: member === 1 };
}
