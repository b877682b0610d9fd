/** A folder of saves as these benchmarks take it: train.txt.gz and val.txt, a line a user, and val-negatives.u16le.gz. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { negativesPerUser, type Saves, savesOf, without } from "../src/index.ts";

export interface SavesFolder {
  /** Without the held-out items. */
  saves: Saves;
  /** One item a user. */
  heldOut: number[];
}

export function readSaves(folder: string): SavesFolder {
  const lists = gunzipSync(readFileSync(join(folder, "train.txt.gz")))
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" ").map(Number));
  const items = 1 + lists.reduce((most, list) => list.reduce((a, b) => Math.max(a, b), most), 0);
  const heldOut = readFileSync(join(folder, "val.txt"), "utf8").trimEnd().split("\n").map(Number);
  return { saves: without(savesOf(lists, items), heldOut), heldOut };
}

/** Answers the items that a user's held-out one is ranked among. */
export function readNegatives(folder: string): (user: number) => Uint16Array {
  const packed = gunzipSync(readFileSync(join(folder, "val-negatives.u16le.gz")));
  const negatives = new Uint16Array(new Uint8Array(packed).buffer);
  return (user) => negatives.subarray(user * negativesPerUser, (user + 1) * negativesPerUser);
}
