/** Cursors of lists: the position where a page ended, in base64url. They hold nothing secret and are not signed. */
import { type PageQuery, Problem } from "@vitrine/contracts";
import type { Page, PageRequest, Position } from "@vitrine/store";

/** What the store is asked for by `limit` and `cursor` of a query. */
export function pageRequest({ limit, cursor }: PageQuery): PageRequest {
  return { limit, after: cursor === undefined ? null : positionOf(cursor) };
}

/** The cursor that continues after a page, or null at the end. */
export function cursorOf({ next }: Pick<Page<unknown>, "next">): string | null {
  return next && toBase64Url(`${next.at}.${next.id}`);
}

function positionOf(cursor: string): Position {
  const [, at, id] = /^(\d{1,16})\.([a-z0-9_]{1,60})$/.exec(fromBase64Url(cursor)) ?? [];
  if (at !== undefined && id !== undefined) return { at: Number(at), id };
  throw new Problem("invalid-request", "Check cursor: pass the `cursor` of a page as it came, or leave it out.");
}

function toBase64Url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): string {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
}
