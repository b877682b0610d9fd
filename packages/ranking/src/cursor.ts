/**
 * The signed cursor of a feed: whose scroll it is, where, how far it went, and hashes of all pins it showed, so that
 * a scroll never repeats a pin and the server keeps nothing.
 */
import type { Region, UserId } from "@vitrine/contracts";
import { packHashes, unpackHashes } from "./pin-hashes.ts";
import { maxShownPins, readPayload, type SignedPayload, type Signer, signPayload } from "./signed-cursor.ts";

export interface FeedCursor {
  userId: UserId | null;
  region: Region;
  /** Of the page that this cursor asks for. */
  page: number;
  /** How many interests the scroll has opened. */
  openInterests: number;
  /** `hashOfId` of every pin shown so far; at most `maxShownPins`. */
  shown: number[];
  /** Milliseconds since 1970. */
  expiresAt: number;
}

interface Payload extends SignedPayload {
  r: Region;
  p: number;
  i: number;
  s: string;
}

export async function encodeCursor(cursor: FeedCursor, signer: Signer): Promise<string> {
  const { userId: u, region: r, page: p, openInterests: i, shown, expiresAt: e } = cursor;
  return signPayload<Payload>({ u, r, p, i, s: packHashes(shown.slice(-maxShownPins)), e }, signer);
}

/** The cursor, or an `invalid-request` problem when it was changed, belongs to somebody else or is too old. */
export async function decodeCursor(
  text: string,
  signer: Signer,
  caller: { userId: UserId | null; now: number },
): Promise<FeedCursor> {
  const payload = await readPayload<Payload>(text, signer, caller);
  return {
    userId: payload.u,
    region: payload.r,
    page: payload.p,
    openInterests: payload.i,
    shown: unpackHashes(payload.s),
    expiresAt: payload.e,
  };
}
