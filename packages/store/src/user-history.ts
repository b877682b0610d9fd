/** What user embeddings are made of. */
import { actionWeight, type BoardId, type PinId, type UserId } from "@vitrine/contracts";
import { sql } from "drizzle-orm";
import { bytesOf } from "./actions.ts";
import type { Databases } from "./database.ts";

export interface UserHistory {
  /** Pins with an embedding that the user saved or created, newest first. */
  owned: { embedding: Uint8Array; weight: number; occurredAt: number }[];
  /** Pins that the user saved or created and did not hide, with a picture or without, newest first. */
  actions: { pinId: PinId; weight: number }[];
  /** Pins that the user saved or hid, newest first. */
  knownPins: PinId[];
  /** Newest first. */
  follows: (UserId | BoardId)[];
  blocked: UserId[];
}

/** One round trip to the user's database. */
export async function userHistory(
  databases: Databases,
  userId: UserId,
  { maxOwned, maxActions, maxKnown, maxFollows }: Record<"maxOwned" | "maxActions" | "maxKnown" | "maxFollows", number>,
): Promise<UserHistory> {
  const database = databases.forId(userId);
  const mine = sql`
    SELECT pin_id, max(at) AS at, max(weight) AS weight FROM (
      SELECT pin_id, created_at AS at, ${actionWeight.save} AS weight FROM saves WHERE user_id = ${userId}
      UNION ALL SELECT id, created_at, ${actionWeight.create} FROM pins WHERE user_id = ${userId})
    GROUP BY pin_id`;
  const [owned, actions, known, follows, blocks] = await database.batch([
    database.all<{ embedding: ArrayBuffer | number[]; weight: number; occurredAt: number }>(sql`
      SELECT o.embedding, mine.weight, mine.at AS occurredAt
      FROM (${mine}) mine
      CROSS JOIN pins p ON p.id = mine.pin_id
      CROSS JOIN originals o ON o.hash = p.original_hash
      WHERE o.embedding IS NOT NULL
      ORDER BY mine.at DESC, mine.pin_id LIMIT ${maxOwned}`),
    database.all<{ pinId: PinId; weight: number }>(sql`
      SELECT mine.pin_id AS pinId, mine.weight FROM (${mine}) mine
      WHERE NOT EXISTS (
        SELECT 1 FROM actions a WHERE a.user_id = ${userId} AND a.type = 'hide' AND a.pin_id = mine.pin_id)
      ORDER BY mine.at DESC, mine.pin_id LIMIT ${maxActions}`),
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
    actions,
    knownPins: known.map(({ id }) => id),
    follows: follows.map(({ id }) => id),
    blocked: blocks.map(({ id }) => id),
  };
}
