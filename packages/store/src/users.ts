import { UserId } from "@vitrine/contracts";
import { desc, eq, type InferSelectModel, lt, type SQL, sql } from "drizzle-orm";
import type { Database, Databases } from "./database.ts";
import { type Page, type PageRequest, pageOf } from "./page.ts";
import { users } from "./schema.ts";

export type UserRow = InferSelectModel<typeof users>;

/** Keeps a new user, or answers the one who has the handle already. */
export async function createUser(database: Database, user: UserRow): Promise<{ user: UserRow; isNew: boolean }> {
  const [inserted, found] = await database.batch([
    database.insert(users).values(user).onConflictDoNothing().returning({ id: users.id }),
    database.select().from(users).where(eq(users.handle, user.handle)),
  ]);
  return { user: found[0] ?? user, isNew: inserted.length > 0 };
}

/** A user by id or by handle. */
export async function findUser(databases: Databases, idOrHandle: string): Promise<UserRow | undefined> {
  const id = UserId.safeParse(idOrHandle);
  const [row] = id.success
    ? await databases.forId(id.data).select().from(users).where(eq(users.id, id.data))
    : await databases.forHandle(idOrHandle).select().from(users).where(eq(users.handle, idOrHandle));
  return row;
}

/** All users, newest first: ids sort by creation. One query for each database. */
export async function listUsers(databases: Databases, request: PageRequest): Promise<Page<UserRow>> {
  return listThose(databases, request, sql`1`);
}

/**
 * As `listUsers`, without who made every pin of the database: a feed leaves out one's own pins, so whoever brought a
 * whole catalogue sees none.
 */
export async function listSpectators(databases: Databases, request: PageRequest): Promise<Page<UserRow>> {
  const isSpectator = sql`(NOT EXISTS (SELECT 1 FROM pins WHERE user_id = ${users.id})
    OR EXISTS (SELECT 1 FROM pins WHERE user_id <> ${users.id}))`;
  return listThose(databases, request, isSpectator);
}

async function listThose(databases: Databases, { limit, after }: PageRequest, condition: SQL): Promise<Page<UserRow>> {
  const isOlder = after ? lt(users.id, after.id as UserId) : sql`1`;
  const ofEach = databases.all().map((database) =>
    database
      .select()
      .from(users)
      .where(sql`${isOlder} AND ${condition}`)
      .orderBy(desc(users.id))
      .limit(limit + 1),
  );
  const rows = (await Promise.all(ofEach)).flat().sort((a, b) => (a.id < b.id ? 1 : -1));
  return pageOf(rows.slice(0, limit + 1), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
}
