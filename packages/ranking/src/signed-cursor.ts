/** What the cursors of scrolls have in common: text that its reader can neither change, nor lend, nor keep for long. */
import { Problem, type UserId } from "@vitrine/contracts";
import { fromBase64Url, toBase64Url } from "./base64.ts";

/** Signs and checks text with a key that only the deployment has (HMAC). */
export interface Signer {
  sign(text: string): Promise<Uint8Array>;
  verify(text: string, signature: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

/** 4 bytes each: 3,200 characters of the 6,000 that a cursor may have. A scroll ends here. */
export const maxShownPins = 600;
/** A scroll taken up after a day begins anew: what it goes through has moved on. */
export const cursorLifeMillis = 24 * 3_600_000;

/** What every cursor says, under short names. */
export interface SignedPayload {
  /** Whose scroll it is. */
  u: UserId | null;
  /** Milliseconds since 1970 when it ends. */
  e: number;
}

/** ASCII in JSON, and its signature. */
export async function signPayload<P extends SignedPayload>(payload: P, signer: Signer): Promise<string> {
  const body = toBase64Url(Uint8Array.from(JSON.stringify(payload), (character) => character.charCodeAt(0)));
  return `${body}.${toBase64Url(await signer.sign(body))}`;
}

/** The payload, or an `invalid-request` problem when it was changed, belongs to somebody else or is too old. */
export async function readPayload<P extends SignedPayload>(
  text: string,
  signer: Signer,
  { userId, now }: { userId: UserId | null; now: number },
): Promise<P> {
  const payload = await verifiedPayload<P>(text, signer);
  if (!payload) throw new Problem("invalid-request", "Send the cursor exactly as the last page gave it.");
  if (payload.u !== userId)
    throw new Problem("invalid-request", "This cursor is another user's: ask for a first page.");
  if (payload.e <= now) throw new Problem("invalid-request", "This cursor has expired: ask for a first page.");
  return payload;
}

async function verifiedPayload<P>(text: string, signer: Signer): Promise<P | undefined> {
  const [body = "", signature = "", ...rest] = text.split(".");
  try {
    if (rest.length > 0 || !(await signer.verify(body, fromBase64Url(signature)))) return undefined;
    return JSON.parse(String.fromCharCode(...fromBase64Url(body)));
  } catch {
    return undefined; // no base64, no JSON: not ours
  }
}
