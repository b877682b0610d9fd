/**
 * The signed cursor of a feed: whose scroll it is, where, how far it went, and hashes of all pins it showed, so that
 * a scroll never repeats a pin and the server keeps nothing.
 */
import { Problem, type Region, type UserId } from "@vitrine/contracts";
import { fromBase64Url, toBase64Url } from "./base64.ts";
import { packHashes, unpackHashes } from "./pin-hashes.ts";

/** Signs and checks text with a key that only the deployment has (HMAC). */
export interface Signer {
  sign(text: string): Promise<Uint8Array>;
  verify(text: string, signature: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

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

/** 4 bytes each: 3,200 characters of the 6,000 that a cursor may have. A scroll ends here. */
export const maxShownPins = 600;
/** A scroll taken up after a day begins anew: the feed has moved on. */
export const cursorLifeMillis = 24 * 3_600_000;

interface Payload {
  u: UserId | null;
  r: Region;
  p: number;
  i: number;
  s: string;
  e: number;
}

export async function encodeCursor(cursor: FeedCursor, signer: Signer): Promise<string> {
  const { userId: u, region: r, page: p, openInterests: i, shown, expiresAt: e } = cursor;
  const payload = JSON.stringify({ u, r, p, i, s: packHashes(shown.slice(-maxShownPins)), e } satisfies Payload);
  const body = toBase64Url(Uint8Array.from(payload, (character) => character.charCodeAt(0)));
  return `${body}.${toBase64Url(await signer.sign(body))}`;
}

/** The cursor, or an `invalid-request` problem when it was changed, belongs to somebody else or is too old. */
export async function decodeCursor(
  text: string,
  signer: Signer,
  { userId, now }: { userId: UserId | null; now: number },
): Promise<FeedCursor> {
  const payload = await verifiedPayload(text, signer);
  if (!payload) throw new Problem("invalid-request", "Send the cursor exactly as the last page gave it.");
  if (payload.u !== userId)
    throw new Problem("invalid-request", "This cursor is another user's: ask for a first page.");
  if (payload.e <= now) throw new Problem("invalid-request", "This cursor has expired: ask for a first page.");
  return {
    userId: payload.u,
    region: payload.r,
    page: payload.p,
    openInterests: payload.i,
    shown: unpackHashes(payload.s),
    expiresAt: payload.e,
  };
}

async function verifiedPayload(text: string, signer: Signer): Promise<Payload | undefined> {
  const [body = "", signature = "", ...rest] = text.split(".");
  try {
    if (rest.length > 0 || !(await signer.verify(body, fromBase64Url(signature)))) return undefined;
    return JSON.parse(String.fromCharCode(...fromBase64Url(body)));
  } catch {
    return undefined; // no base64, no JSON: not ours
  }
}
