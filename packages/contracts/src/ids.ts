/**
 * Ids of users, boards and pins: a prefix and 18 characters of Crockford base32 in lower case.
 *
 *   usr_ · 10 characters: milliseconds since 1970 · 8 characters: 12 bits of logical shard, 28 random bits
 *
 * So ids sort by creation, and the shard (0..4095) can be read without a look-up. Boards and pins carry
 * the shard of their owner; a user's shard is a hash of the handle, so that a handle can be looked up too.
 */
import { z } from "zod";

export const shardCount = 4096;

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const idCharacters = "[0-9a-hjkmnp-tv-z]{18}";

export const UserId = z
  .string()
  .regex(new RegExp(`^usr_${idCharacters}$`))
  .brand<"UserId">();
export const BoardId = z
  .string()
  .regex(new RegExp(`^brd_${idCharacters}$`))
  .brand<"BoardId">();
export const PinId = z
  .string()
  .regex(new RegExp(`^pin_${idCharacters}$`))
  .brand<"PinId">();

export type UserId = z.infer<typeof UserId>;
export type BoardId = z.infer<typeof BoardId>;
export type PinId = z.infer<typeof PinId>;
export type AnyId = UserId | BoardId | PinId;

/** When an id is made, and a random number in [0, 1) that sets it apart from others of the same millisecond. */
export interface IdSeed {
  now: number;
  random: number;
}

/** A user's id; the handle decides the shard. */
export function newUserId(handle: string, seed: IdSeed): UserId {
  return newId("usr", shardOfHandle(handle), seed) as UserId;
}

/** A board's id, on the shard of its owner. */
export function newBoardId(owner: UserId, seed: IdSeed): BoardId {
  return newId("brd", shardOf(owner), seed) as BoardId;
}

/** A pin's id, on the shard of its board's owner: a pin and its board are one look-up. */
export function newPinId(boardOwner: UserId, seed: IdSeed): PinId {
  return newId("pin", shardOf(boardOwner), seed) as PinId;
}

/** The logical shard of an id, 0..4095. */
export function shardOf(id: AnyId): number {
  let shard = 0;
  for (const character of id.slice(14, 17)) shard = shard * 32 + alphabet.indexOf(character);
  return shard >> 3; // three characters are 15 bits; the shard is the upper 12
}

/** The logical shard of a handle: 32-bit FNV-1a over its (ASCII) characters, the upper 12 bits. */
export function shardOfHandle(handle: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < handle.length; i++) hash = Math.imul(hash ^ handle.charCodeAt(i), 0x01000193);
  return hash >>> 20;
}

function newId(prefix: "usr" | "brd" | "pin", shard: number, { now, random }: IdSeed): string {
  const entropy = Math.floor(random * 2 ** 28);
  return `${prefix}_${base32(now, 10)}${base32(shard * 2 ** 28 + entropy, 8)}`;
}

function base32(value: number, length: number): string {
  let text = "";
  let rest = value;
  for (let i = 0; i < length; i++) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
