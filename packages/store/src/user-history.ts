/** What user embeddings are made of. */
import { actionWeight, type BoardId, type PinId, type UserId } from "@vitrine/contracts";
import { sql } from "drizzle-orm";
import { bytesOf } from "./actions.ts";
import type { Databases } from "./database.ts";

export interface UserHistory {
  /** Pins with an embedding that the user saved or created, newest first. */
  owned: { embedding: Uint8Array; weight: number; occurredAt: number }[];
  /** Pins that the user saved or hid, newest first. */
  knownPins: PinId[];
  /** Newest first. */
  follows: (UserId | BoardId)[];
  blocked: UserId[];
}

/** Four queries, side by side, to the user's database. */
export async function userHistory(
  databases: Databases,
  userId: UserId,
  { maxOwned, maxKnown, maxFollows }: { maxOwned: number; maxKnown: number; maxFollows: number },
): Promise<UserHistory> {
  const database = databases.forId(userId);
  const [owned, known, follows, blocks] = await Promise.all([
    database.all<{ embedding: ArrayBuffer | number[]; weight: number; occurredAt: number }>(sql`
      SELECT o.embedding, mine.weight, mine.at AS occurredAt
      FROM (
        SELECT pin_id, max(at) AS at, max(weight) AS weight FROM (
          SELECT pin_id, created_at AS at, ${actionWeight.save} AS weight FROM saves WHERE user_id = ${userId}
          UNION ALL SELECT id, created_at, ${actionWeight.create} FROM pins WHERE user_id = ${userId})
        GROUP BY pin_id) mine
      JOIN pins p ON p.id = mine.pin_id
      JOIN originals o ON o.hash = p.original_hash
      WHERE o.embedding IS NOT NULL
      ORDER BY mine.at DESC, mine.pin_id LIMIT ${maxOwned}`),
    database.all<{ id: PinId }>(sql`
      SELECT id FROM (
        SELECT pin_id AS id, created_at AS at FROM saves WHERE user_id = ${userId}
        UNION ALL SELECT pin_id, occurred_at FROM actions WHERE user_id = ${userId} AND type = 'hide')
      GROUP BY id ORDER BY max(at) DESC, id LIMIT ${maxKnown}`),
    database.all<{ id: UserId | BoardId }>(sql`
      SELECT target_id AS id FROM follows WHERE follower_id = ${userId} ORDER BY created_at DESC, target_id LIMIT ${maxFollows}`),
    database.all<{ id: UserId }>(sql`SELECT blocked_id AS id FROM blocks WHERE blocker_id = ${userId}`),
  ]);
  return {
    owned: owned.map((row) => ({ ...row, embedding: bytesOf(row.embedding) })),
    knownPins: known.map(({ id }) => id),
    follows: follows.map(({ id }) => id),
    blocked: blocks.map(({ id }) => id),
  };
}
