import { type SQL, sql } from "drizzle-orm";

/** Where a page of a list ended: lists go from new to old, by time and then by id. */
export interface Position {
  /** Milliseconds since 1970. */
  at: number;
  id: string;
}

export interface PageRequest {
  limit: number;
  /** Null for the first page. */
  after: Position | null;
}

export interface Page<T> {
  items: T[];
  /** Null at the end. */
  next: Position | null;
}

/** Cuts rows, of which one more than the limit was asked for, to a page. */
export function pageOf<T>(rows: readonly T[], limit: number, positionOf: (row: T) => Position): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? positionOf(last) : null };
}

/** The SQL condition that a row lies after the position in a list ordered by `at DESC, id DESC`. */
export function isAfter(position: Position | null, at: SQL, id: SQL): SQL {
  return position === null ? sql`1` : sql`(${at}, ${id}) < (${position.at}, ${position.id})`;
}
