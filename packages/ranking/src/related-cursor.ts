/**
 * The signed cursor of related pins: of which pin and board, for whom and where, and hashes of all that was shown, so that
 * a scroll shows no pin twice, though what is related is found anew meanwhile.
 */
import { type BoardId, type PinId, Problem, type Region, type UserId } from "@vitrine/contracts";
import { packHashes, unpackHashes } from "./pin-hashes.ts";
import { maxShownPins, readPayload, type SignedPayload, type Signer, signPayload } from "./signed-cursor.ts";

export interface RelatedCursor {
  userId: UserId | null;
  region: Region;
  pinId: PinId;
  boardId: BoardId | null;
  /** `hashOfId` of every pin shown so far; at most `maxShownPins`. */
  shown: number[];
  /** Milliseconds since 1970. */
  expiresAt: number;
}

interface Payload extends SignedPayload {
  r: Region;
  p: PinId;
  b: BoardId | null;
  s: string;
}

export async function encodeRelatedCursor(cursor: RelatedCursor, signer: Signer): Promise<string> {
  const { userId: u, region: r, pinId: p, boardId: b, shown, expiresAt: e } = cursor;
  return signPayload<Payload>({ u, r, p, b, s: packHashes(shown.slice(-maxShownPins)), e }, signer);
}

/** The cursor, or an `invalid-request` problem when it was changed, is too old, or is of another user, pin or board. */
export async function decodeRelatedCursor(
  text: string,
  signer: Signer,
  { pinId, boardId, ...caller }: { userId: UserId | null; pinId: PinId; boardId: BoardId | null; now: number },
): Promise<RelatedCursor> {
  const { u: userId, r: region, p, b, s, e: expiresAt } = await readPayload<Payload>(text, signer, caller);
  if (p !== pinId || b !== boardId) {
    throw new Problem("invalid-request", "This cursor is of another pin or board: ask for a first page there.");
  }
  return { userId, region, pinId, boardId, shown: unpackHashes(s), expiresAt };
}
