import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { itemsOf } from "@vitrine/training";
import { afterAll, expect, test } from "vitest";
import { readData } from "./files.ts";

const folder = mkdtempSync(join(tmpdir(), "vitrine-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let written = 0;
function file(content: string | Uint8Array): string {
  const path = join(folder, `${written++}`);
  writeFileSync(path, content);
  return path;
}

function u16(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(2 * numbers.length);
  for (const [n, number] of numbers.entries()) bytes.writeUInt16LE(number, 2 * n);
  return bytes;
}

const train = "0 1 2\n3 1\n";
const heldOut = "1\n300\n";
const negatives = u16(3, 4, 0, 511);

test("what is held out is taken out of the saves where it is there", () => {
  const data = readData({ train: file(train), heldOut: file(heldOut), negatives: file(negatives) });
  expect([0, 1].map((user) => [...itemsOf(data.saves, user)])).toEqual([
    [0, 2],
    [1, 3],
  ]);
  expect(data).toMatchObject({ takenOut: 1, negativesPerUser: 2, heldOut: Uint32Array.of(1, 300) });
  expect([...data.negativesOf(1)]).toEqual([0, 511]);
  expect(data.saves.items).toBe(512);
});

test("files are unpacked by their first bytes, whatever their names", () => {
  const packed = (content: string | Uint8Array) => file(gzipSync(content));
  const data = readData({ train: packed(train), heldOut: packed(heldOut), negatives: packed(negatives) });
  expect(data.saves.columns).toHaveLength(4);
  expect([...data.negativesOf(0)]).toEqual([3, 4]);
});

test("the first users alone know only of their own items", () => {
  const data = readData({ train: file(train), heldOut: file(heldOut), negatives: file(negatives), first: 1 });
  expect(data.saves).toMatchObject({ users: 1, items: 5 });
  expect(data.heldOut).toHaveLength(1);
});

test("a user without saves has an empty line", () => {
  const data = readData({ train: file("\n3 1"), heldOut: file(heldOut), negatives: file(negatives) });
  expect(itemsOf(data.saves, 0)).toHaveLength(0);
});

const good = { train: file(train), heldOut: file(heldOut), negatives: file(negatives) };

test.each([
  [{ train: file("0 1\n2 x") }, /, line 2: "x" is no item/],
  [{ train: file("0 65536\n1") }, /from 0 to 65535/],
  [{ heldOut: file("1\n2\n3\n") }, /3 lines and .* 2: give one for each user/],
  [{ heldOut: file("1\n2 3\n") }, /line 2: "2 3" is no item/],
  [{ negatives: file(u16(1, 2, 3)) }, /3 numbers for 2 users/],
  [{ negatives: file(Buffer.of(1, 2, 3)) }, /odd number of bytes/],
  [{ negatives: file(gzipSync(negatives).subarray(0, 20)) }, /is broken/],
  [{ negatives: file(u16(...Array.from({ length: 1000 }, () => 1))) }, /1 to 499 for each/],
  [{ train: join(folder, "none") }, /cannot be read/],
  [{ train: file("") }, /is empty/],
])("what cannot be used is refused in one sentence: %#", (changes, sentence) => {
  expect(() => readData({ ...good, ...changes })).toThrow(sentence);
});
