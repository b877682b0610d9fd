/** Files of saves, of held-out items and of negatives, plain or gzipped whatever their names. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { limits } from "@vitrine/contracts";
import { type Saves, savesOf, without } from "@vitrine/training";
import { Refusal } from "../refusal.ts";

export interface HeldOutData {
  /** Without the held-out items. */
  saves: Saves;
  /** One item a user. */
  heldOut: Uint32Array;
  /** Items that a user has not saved, the same number for each. */
  negativesOf(user: number): Uint16Array;
  negativesPerUser: number;
  /** Held-out items that stood among the saves of their user and were taken out. */
  takenOut: number;
}

export interface DataFiles {
  train: string;
  heldOut: string;
  negatives: string;
  /** Only the first so many users of the files. */
  first?: number | undefined;
}

/** Item ids of the negatives are of 16 bits, and so all are. */
const maxItem = 0xffff;

/** Throws a Refusal that names the file and the line. */
export function readData({ train, heldOut: heldOutFile, negatives: negativesFile, first }: DataFiles): HeldOutData {
  const allLists = readLists(train);
  const heldOut = readHeldOut(heldOutFile);
  if (heldOut.length !== allLists.length) {
    throw new Refusal(
      `${heldOutFile} has ${heldOut.length} lines and ${train} ${allLists.length}: give one for each user.`,
    );
  }
  const negatives = numbersIn(negativesFile);
  const negativesPerUser = negatives.length / allLists.length;
  if (!Number.isInteger(negativesPerUser) || negativesPerUser < 1 || negativesPerUser >= limits.maxRankedPins) {
    throw new Refusal(
      `${negativesFile} has ${negatives.length} numbers for ${allLists.length} users: ` +
        `give 1 to ${limits.maxRankedPins - 1} for each, the same number for all.`,
    );
  }
  const lists = allLists.slice(0, first);
  const kept = heldOut.slice(0, lists.length);
  const negativesOf = (user: number) => negatives.subarray(user * negativesPerUser, (user + 1) * negativesPerUser);
  const all = savesOf(lists, 1 + highest([...lists, kept, negatives.subarray(0, lists.length * negativesPerUser)]));
  const saves = without(all, kept);
  return { saves, heldOut: kept, negativesOf, negativesPerUser, takenOut: all.columns.length - saves.columns.length };
}

/** Items of each user, a line a user. */
export function readLists(file: string): number[][] {
  return linesIn(file).map((line, n) => itemsIn(line, { file, line: n + 1 }));
}

/** One item a user, a line a user. */
export function readHeldOut(file: string): Uint32Array {
  return Uint32Array.from(linesIn(file), (line, n) => oneItemIn(line, { file, line: n + 1 }));
}

interface Place {
  file: string;
  line: number;
}

function itemsIn(line: string, place: Place): number[] {
  const words = line.split(/[ \t]+/).filter((word) => word !== "");
  return words.map((word) => itemOf(word, place));
}

function oneItemIn(line: string, place: Place): number {
  return itemOf(line.trim(), place);
}

function itemOf(word: string, { file, line }: Place): number {
  const item = /^\d{1,6}$/.test(word) ? Number(word) : Number.NaN;
  if (item <= maxItem) return item;
  throw new Refusal(
    `${file}, line ${line}: "${word.slice(0, 20)}" is no item; write whole numbers from 0 to ${maxItem}.`,
  );
}

function linesIn(file: string): string[] {
  const text = bytesOf(file).toString("utf8");
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) throw new Refusal(`${file} is empty: give a line for each user.`);
  return lines;
}

/** Little-endian, whatever the machine. */
function numbersIn(file: string): Uint16Array {
  const bytes = bytesOf(file);
  if (bytes.length % 2 === 1)
    throw new Refusal(`${file} has an odd number of bytes: give little-endian 16-bit numbers.`);
  return Uint16Array.from({ length: bytes.length / 2 }, (_, n) => bytes.readUInt16LE(2 * n));
}

/** The first bytes of every gzip member (RFC 1952, 2.3.1). A list of saves never begins so; negatives could. */
const gzipMagic = [0x1f, 0x8b, 0x08] as const;

function bytesOf(file: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new Refusal(`${file} cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
  if (!gzipMagic.every((byte, n) => bytes[n] === byte)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    throw new Refusal(`${file} begins as gzip and is broken: copy it anew.`);
  }
}

function highest(lists: Iterable<ArrayLike<number>>): number {
  let most = 0;
  for (const list of lists) for (let n = 0; n < list.length; n++) most = Math.max(most, list[n] ?? 0);
  return most;
}
