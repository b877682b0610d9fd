/** Definitions of experiments, on the first database: a few dozen rows that operators change and edges read from KV. */
import type { ExperimentStatus } from "@vitrine/contracts";
import { and, desc, eq, sql } from "drizzle-orm";
import type { Database, Databases } from "./database.ts";
import { experiments } from "./schema.ts";

export type ExperimentRow = typeof experiments.$inferSelect;

/** Answers the experiment that has the id now, and whether it is this one. */
export async function createExperiment(
  databases: Databases,
  row: ExperimentRow,
): Promise<{ experiment: ExperimentRow; isNew: boolean }> {
  const database = firstOf(databases);
  const [inserted] = await database.insert(experiments).values(row).onConflictDoNothing().returning();
  if (inserted) return { experiment: inserted, isNew: true };
  return { experiment: (await findExperiment(databases, row.id)) ?? row, isNew: false };
}

export async function findExperiment(databases: Databases, id: string): Promise<ExperimentRow | undefined> {
  const [row] = await firstOf(databases).select().from(experiments).where(eq(experiments.id, id));
  return row;
}

/** Newest first. */
export function listExperiments(databases: Databases, limit: number): Promise<ExperimentRow[]> {
  return firstOf(databases)
    .select()
    .from(experiments)
    .orderBy(desc(experiments.createdAt), desc(experiments.id))
    .limit(limit);
}

/** By id, so that every edge has them in the same order. */
export function runningExperiments(databases: Databases): Promise<ExperimentRow[]> {
  return firstOf(databases).select().from(experiments).where(eq(experiments.status, "running")).orderBy(experiments.id);
}

/**
 * Lets an experiment run with the given ranges, unless what runs has changed since `running` was read: two starts at once
 * cannot take the same buckets. Answers the experiment as it is then; undefined when the caller has to look again.
 */
export async function runExperiment(
  databases: Databases,
  row: Pick<ExperimentRow, "id" | "traffic" | "ranges">,
  { running, now }: { running: readonly ExperimentRow[]; now: number },
): Promise<ExperimentRow | undefined> {
  const known = JSON.stringify(running.map(({ id, ranges }) => [id, ranges]));
  const [updated] = await firstOf(databases)
    .update(experiments)
    .set({
      status: "running",
      traffic: row.traffic,
      ranges: row.ranges,
      startedAt: sql`coalesce(started_at, ${now})`,
    })
    .where(
      and(
        eq(experiments.id, row.id),
        sql`status <> 'stopped'`,
        sql`(SELECT json_group_array(json_array(id, json(ranges)))
          FROM (SELECT id, ranges FROM experiments WHERE status = 'running' ORDER BY id)) = ${known}`,
      ),
    )
    .returning();
  return updated;
}

/** Ends a draft or a running experiment for good; what is stopped stays as it is. */
export async function stopExperiment(
  databases: Databases,
  id: string,
  now: number,
): Promise<ExperimentRow | undefined> {
  const stopped: ExperimentStatus = "stopped";
  await firstOf(databases)
    .update(experiments)
    .set({ status: stopped, stoppedAt: now })
    .where(and(eq(experiments.id, id), sql`status <> 'stopped'`));
  return findExperiment(databases, id);
}

function firstOf(databases: Databases): Database {
  const [first] = databases.all();
  if (!first) throw new Error("a deployment has at least one database");
  return first;
}
