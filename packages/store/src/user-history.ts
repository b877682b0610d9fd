/** What user embeddings are made of. */
import { actionWeight, type BoardId, type PinId, type UserId } from "@vitrine/contracts";
import { type SQL, sql } from "drizzle-orm";
import { bytesOf } from "./actions.ts";
import type { Database, Databases } from "./database.ts";

export interface UserHistory {
  /** Pins with an embedding that the user saved or created, newest first. */
  owned: { pinId: PinId; embedding: Uint8Array; weight: number; occurredAt: number }[];
  /** Pins that the user saved or created and did not hide, with a picture or without, newest first. */
  actions: { pinId: PinId; weight: number }[];
  /** Pins that the user saved or hid, newest first. */
  knownPins: PinId[];
  /** Newest first. */
  follows: (UserId | BoardId)[];
  blocked: UserId[];
}

/** Of each user so many. */
export type HistoryLimits = Readonly<Record<"maxOwned" | "maxActions" | "maxKnown" | "maxFollows", number>>;

/** One round trip to the user's database. */
export async function userHistory(databases: Databases, userId: UserId, limits: HistoryLimits): Promise<UserHistory> {
  const histories = await historiesIn(databases.forId(userId), [userId], limits);
  return histories.get(userId) ?? emptyHistory();
}

/** Everyone's, also of who has done nothing. One round trip to each database concerned. */
export async function userHistories(
  databases: Databases,
  userIds: readonly UserId[],
  limits: HistoryLimits,
): Promise<Map<UserId, UserHistory>> {
  const byDatabase = Map.groupBy(new Set(userIds), (userId) => databases.forId(userId));
  const parts = await Promise.all([...byDatabase].map(([database, users]) => historiesIn(database, users, limits)));
  return new Map(parts.flatMap((part) => [...part]));
}

async function historiesIn(
  database: Database,
  userIds: readonly UserId[],
  { maxOwned, maxActions, maxKnown, maxFollows }: HistoryLimits,
): Promise<Map<UserId, UserHistory>> {
  const users = sql`json_each(${JSON.stringify(userIds)}) u`;
  const mine = sql`
    SELECT user_id, pin_id, max(at) AS at, max(weight) AS weight FROM (
      SELECT s.user_id, s.pin_id, s.created_at AS at, ${actionWeight.save} AS weight
      FROM ${users} CROSS JOIN saves s ON s.user_id = u.value
      UNION ALL SELECT p.user_id, p.id, p.created_at, ${actionWeight.create}
      FROM ${users} CROSS JOIN pins p ON p.user_id = u.value)
    GROUP BY user_id, pin_id`;
  const [owned, actions, known, follows, blocks] = await database.batch([
    database.all<Owner & { pinId: PinId; embedding: ArrayBuffer | number[]; weight: number; occurredAt: number }>(
      newestOfEach(
        maxOwned,
        sql`SELECT mine.user_id, mine.pin_id AS pinId, o.embedding, mine.weight, mine.at AS occurredAt, mine.at, mine.pin_id AS tie
          FROM (${mine}) mine
          CROSS JOIN pins p ON p.id = mine.pin_id
          CROSS JOIN originals o ON o.hash = p.original_hash
          WHERE o.embedding IS NOT NULL`,
      ),
    ),
    database.all<Owner & { pinId: PinId; weight: number }>(
      newestOfEach(
        maxActions,
        sql`SELECT mine.user_id, mine.pin_id AS pinId, mine.weight, mine.at, mine.pin_id AS tie FROM (${mine}) mine
          WHERE NOT EXISTS (
            SELECT 1 FROM actions a WHERE a.user_id = mine.user_id AND a.type = 'hide' AND a.pin_id = mine.pin_id)`,
      ),
    ),
    database.all<Owner & { id: PinId }>(
      newestOfEach(
        maxKnown,
        sql`SELECT user_id, id, max(at) AS at, id AS tie FROM (
            SELECT s.user_id, s.pin_id AS id, s.created_at AS at
            FROM ${users} CROSS JOIN saves s ON s.user_id = u.value
            UNION ALL SELECT a.user_id, a.pin_id, a.occurred_at
            FROM ${users} CROSS JOIN actions a ON a.user_id = u.value AND a.type = 'hide')
          GROUP BY user_id, id`,
      ),
    ),
    database.all<Owner & { id: UserId | BoardId }>(
      newestOfEach(
        maxFollows,
        sql`SELECT f.follower_id AS user_id, f.target_id AS id, f.created_at AS at, f.target_id AS tie
          FROM ${users} CROSS JOIN follows f ON f.follower_id = u.value`,
      ),
    ),
    database.all<Owner & { id: UserId }>(sql`
      SELECT b.blocker_id AS user_id, b.blocked_id AS id FROM ${users} CROSS JOIN blocks b ON b.blocker_id = u.value`),
  ]);
  const histories = new Map(userIds.map((userId) => [userId, emptyHistory()]));
  for (const { user_id, pinId, embedding, weight, occurredAt } of owned) {
    histories.get(user_id)?.owned.push({ pinId, embedding: bytesOf(embedding), weight, occurredAt });
  }
  for (const { user_id, pinId, weight } of actions) histories.get(user_id)?.actions.push({ pinId, weight });
  for (const { user_id, id } of known) histories.get(user_id)?.knownPins.push(id);
  for (const { user_id, id } of follows) histories.get(user_id)?.follows.push(id);
  for (const { user_id, id } of blocks) histories.get(user_id)?.blocked.push(id);
  return histories;
}

interface Owner {
  user_id: UserId;
}

/** The first `limit` rows of each user in `rows`, which name `user_id`, `at` and what decides at a `tie`. */
function newestOfEach(limit: number, rows: SQL): SQL {
  return sql`SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY at DESC, tie) AS place FROM (${rows}))
    WHERE place <= ${limit} ORDER BY user_id, place`;
}

function emptyHistory(): UserHistory {
  return { owned: [], actions: [], knownPins: [], follows: [], blocked: [] };
}
