/** The list of trained models, on the first database. A row that is locked is the lock of all training. */
import type { ModelVersion } from "@vitrine/contracts";
import { and, desc, eq, gt, inArray, lte, sql } from "drizzle-orm";
import type { Database, Databases } from "./database.ts";
import { models } from "./schema.ts";

export type ModelRow = typeof models.$inferSelect;
export type ModelChange = Partial<Omit<ModelRow, "version" | "createdAt">>;

/** Writes the row of a new training, unless another one is locked at `now`. Answers whether it was written. */
export async function beginModel(databases: Databases, row: ModelRow, now: number): Promise<boolean> {
  await forgetDead(first(databases), now);
  const begun = await first(databases).all(sql`
    INSERT INTO models (version, status, created_at, dimensions, users, pins, saves, note, progress, locked_until)
    SELECT ${row.version}, ${row.status}, ${row.createdAt}, ${row.dimensions}, ${row.users}, ${row.pins}, ${row.saves},
      ${row.note}, ${row.progress}, ${row.lockedUntil}
    WHERE NOT EXISTS (SELECT 1 FROM models WHERE locked_until > ${now})
    RETURNING version`);
  return begun.length === 1;
}

/** Locks a model that is there, unless any is locked at `now`. Answers whether that was so. */
export async function takeModel(
  databases: Databases,
  version: ModelVersion,
  { now, change }: { now: number; change: ModelChange & { lockedUntil: number } },
): Promise<boolean> {
  await forgetDead(first(databases), now);
  const isFree = sql`NOT EXISTS (SELECT 1 FROM models other WHERE other.locked_until > ${now})`;
  const taken = await first(databases)
    .update(models)
    .set(change)
    .where(and(eq(models.version, version), isFree))
    .returning({ version: models.version });
  return taken.length === 1;
}

/** Changes a row; with `whileLockedAt` only one that is still locked then. Answers whether there was one. */
export async function changeModel(
  databases: Databases,
  version: ModelVersion,
  change: ModelChange,
  { whileLockedAt }: { whileLockedAt?: number } = {},
): Promise<boolean> {
  const isLocked = whileLockedAt === undefined ? undefined : gt(models.lockedUntil, whileLockedAt);
  const changed = await first(databases)
    .update(models)
    .set(change)
    .where(and(eq(models.version, version), isLocked))
    .returning({ version: models.version });
  return changed.length === 1;
}

export async function findModel(databases: Databases, version: ModelVersion): Promise<ModelRow | undefined> {
  const [row] = await first(databases).select().from(models).where(eq(models.version, version));
  return row;
}

/** Newest first. */
export function listModels(databases: Databases, limit: number): Promise<ModelRow[]> {
  return first(databases).select().from(models).orderBy(desc(models.createdAt), desc(models.version)).limit(limit);
}

/** The newest, whatever came of it. */
export async function lastModel(databases: Databases): Promise<ModelRow | undefined> {
  const [row] = await listModels(databases, 1);
  return row;
}

export async function servingModelRow(databases: Databases): Promise<ModelRow | undefined> {
  const serving = first(databases).select().from(models).where(eq(models.status, "serving"));
  const [row] = await serving.orderBy(desc(models.createdAt)).limit(1);
  return row;
}

/** Rows whose lock ran out without a word: what worked on them died. */
async function forgetDead(database: Database, now: number): Promise<void> {
  await database
    .update(models)
    .set({ status: "failed", note: "It ended without a word: start another training.", lockedUntil: 0 })
    .where(and(inArray(models.status, ["training", "candidate"]), lte(models.lockedUntil, now)));
}

function first(databases: Databases): Database {
  const [database] = databases.all();
  if (!database) throw new Error("there is no database");
  return database;
}
