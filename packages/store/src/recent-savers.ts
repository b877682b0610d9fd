/** Users by their last save: the ones that will come back first. */
import type { UserId } from "@vitrine/contracts";
import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/**
 * When the `count`th of the users who saved last did so; 0 when there are fewer. Reads an index of all saves: half a
 * second with a million, so not for every request.
 */
export async function lastSaveOfRecent(database: Database, count: number): Promise<number> {
  const [row] = await database.all<{ at: number }>(sql`
    SELECT max(created_at) AS at FROM saves GROUP BY user_id ORDER BY 1 DESC LIMIT 1 OFFSET ${count - 1}`);
  return row?.at ?? 0;
}

/** The users after one, in the order of their ids, whose last save is from `since` or later. */
export async function saversSince(
  database: Database,
  { since, after, limit }: { since: number; after: string; limit: number },
): Promise<UserId[]> {
  const rows = await database.all<{ id: UserId }>(sql`
    SELECT user_id AS id FROM saves WHERE user_id > ${after} GROUP BY user_id HAVING max(created_at) >= ${since}
    ORDER BY user_id LIMIT ${limit}`);
  return rows.map(({ id }) => id);
}
