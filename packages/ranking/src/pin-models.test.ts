import { newPinId, newUserId, type PinId } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { toBase64 } from "./base64.ts";
import { encodeNeighbours } from "./neighbours.ts";
import { bytesOfPinModel, decodePinModel, PinModelMemory } from "./pin-models.ts";

const creator = newUserId("creator", { now: 1, random: 0.5 });
const pins = Array.from({ length: 4 }, (_, i) => newPinId(creator, { now: i + 1, random: 0.5 })) as [
  PinId,
  PinId,
  PinId,
  PinId,
];
const neighbours = { items: Uint32Array.of(7, 9), weights: Float32Array.of(2, 1) };
const row = (item: number) => ({
  item,
  vector: toBase64(Uint8Array.of(0, 0, 128, 63, item)),
  neighbours: toBase64(encodeNeighbours(neighbours)),
});
const bytes = bytesOfPinModel(decodePinModel(row(0)));

function counting() {
  const asked: PinId[][] = [];
  const read = async (missing: PinId[]) => {
    asked.push(missing);
    return new Map(missing.filter((pinId) => pinId !== pins[3]).map((pinId) => [pinId, row(pins.indexOf(pinId))]));
  };
  return { asked, read };
}

test("only pins that are not in memory are asked for, and those of another model anew", async () => {
  const memory = new PinModelMemory(10 * bytes);
  const { asked, read } = counting();
  expect([...(await memory.of("m1", [pins[0], pins[0], pins[3]], read)).values()].map(({ item }) => item)).toEqual([0]);
  const both = await memory.of("m1", [pins[0], pins[1]], read);
  expect([...both].map(([pinId, { item, vector }]) => [pinId, item, vector[4]])).toEqual([
    [pins[0], 0, 0],
    [pins[1], 1, 1],
  ]);
  expect(both.get(pins[1])?.neighbours.items).toEqual(neighbours.items);
  await memory.of("m1", [pins[0], pins[1]], read);
  await memory.of("m2", [pins[0]], read);
  expect(asked).toEqual([[pins[0], pins[3]], [pins[1]], [pins[0]]]);
});

test("the memory holds as many bytes as it may, and forgets what was not asked for longest", async () => {
  const memory = new PinModelMemory(2 * bytes);
  const { asked, read } = counting();
  for (const pinId of [pins[0], pins[1], pins[0], pins[2], pins[0], pins[1]]) await memory.of("m1", [pinId], read);
  expect(asked).toEqual([[pins[0]], [pins[1]], [pins[2]], [pins[1]]]);
});
