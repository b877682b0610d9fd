import { sql } from "drizzle-orm";
import type { Databases } from "./database.ts";

/** Asks every database for one row; rejects when one does not answer. */
export async function pingDatabases(databases: Databases): Promise<void> {
  await Promise.all(databases.all().map((database) => database.all(sql`SELECT 1 FROM users LIMIT 1`)));
}
