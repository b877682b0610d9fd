import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newPinId, newUserId, type PinId } from "@vitrine/contracts";
import { beforeEach, expect, test } from "vitest";
import { type Bindings, servicesOf } from "../adapters/bindings.ts";
import { drawPictures } from "../testing/draw-pictures.ts";
import { decodePictures, encodePictures, readPictures } from "./pictures.ts";

const bindings = env as unknown as Bindings & { TEST_MIGRATIONS: D1Migration[] };
const { DB_0 } = bindings;
const { databases } = servicesOf(bindings);
const owner = newUserId("owner", { now: 1, random: 0.1 });
const pins = Array.from({ length: 6 }, (_, i) => newPinId(owner, { now: 100 + i, random: 0.3 }));

beforeEach(async () => {
  await applyD1Migrations(DB_0, bindings.TEST_MIGRATIONS);
  const pin = DB_0.prepare(
    "INSERT INTO pins (id, user_id, board_id, original_hash, status, created_at, updated_at) VALUES (?, ?, 'b', ?, 'ready', 1, 1)",
  );
  await DB_0.batch([
    ...["pins", "originals"].map((table) => DB_0.prepare(`DELETE FROM ${table}`)),
    ...pins.map((id) => pin.bind(id, owner, `picture of ${id}`)),
  ]);
});

test("each pin's embedding stands at its place, zeros for a pin without one and for one of another encoder", async () => {
  const embeddings = await drawPictures(DB_0, pins, (i) => i);
  const change = DB_0.prepare("UPDATE originals SET embedding = ? WHERE hash = ?");
  const changed = [null, Uint8Array.of(1, 2, 3, 4)] as const;
  await DB_0.batch(changed.map((embedding, i) => change.bind(embedding, `picture of ${pins[i + 2]}`)));
  const order = ["pin_unknown" as PinId, ...pins.toReversed()];
  const none = new Uint8Array(8);
  const expected = [none, ...embeddings.with(2, none).with(3, none).toReversed()];
  const pictures = await readPictures(databases, order);
  expect(pictures).toEqual({ dimensions: 8, embeddings: Uint8Array.from(expected.flatMap((row) => [...row])) });
  const file = encodePictures(pictures ?? { dimensions: 0, embeddings: none }).flatMap((part) => [...part]);
  expect(decodePictures(Uint8Array.from(file))).toEqual(pictures);
});

test("where no pin has a picture there is nothing to be seen", async () => {
  expect(await readPictures(databases, pins)).toBeNull();
});
