/** Visual embeddings for pins, as *ingest* writes them. */
import type { PinId } from "@vitrine/contracts";
import { quantise, seededSequence } from "@vitrine/vectors";

/** Pins of a kind look alike. Answers the embeddings; their hashes are `picture of {pin}`. */
export async function drawPictures(
  database: D1Database,
  pins: readonly PinId[],
  kindOf: (i: number) => number,
): Promise<Uint8Array[]> {
  const random = seededSequence(8);
  const embeddings = pins.map((_, i) =>
    quantise(Array.from({ length: 8 }, (_, d) => (d === kindOf(i) ? 1 : 0.4 * random()))),
  );
  const original = database.prepare(
    "INSERT INTO originals (hash, content_type, bytes, embedding, first_pin_id, created_at) VALUES (?, '', 1, ?, ?, 1)",
  );
  await database.batch(pins.map((pinId, i) => original.bind(`picture of ${pinId}`, embeddings[i], pinId)));
  return embeddings;
}
