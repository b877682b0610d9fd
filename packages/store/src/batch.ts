/**
 * Batches that may hold raw SQL. Drizzle 0.45 prepares only built queries in a D1 batch and fails on `db.all(sql…)`
 * and `db.run(sql…)` with parameters, because those have no statement of their own; here every query gets one.
 */
import type { BatchItem } from "drizzle-orm/batch";
import type { Database } from "./database.ts";

/** What a batch needs of a D1 binding. */
export interface BatchClient {
  prepare(query: string): { bind(...values: unknown[]): unknown };
  batch(statements: never[]): Promise<unknown[]>;
}

/** The inside of a Drizzle query, which its types leave out. */
interface Preparable {
  _prepare(): {
    getQuery(): { sql: string; params: unknown[] };
    mapResult(result: unknown, isFromBatch: boolean): unknown;
  };
}

/** The same database, whose `batch` takes raw queries as well: one transaction, one round trip. */
export function withRawBatch<T extends Database & { $client: BatchClient }>(database: T): T {
  const client = database.$client;
  const batch = async (queries: readonly BatchItem<"sqlite">[]) => {
    const prepared = queries.map((query) => (query as unknown as Preparable)._prepare());
    const statements = prepared.map((query) => {
      const { sql, params } = query.getQuery();
      return client.prepare(sql).bind(...params);
    });
    const results = await client.batch(statements as never[]);
    return prepared.map((query, i) => query.mapResult(results[i], true));
  };
  return Object.assign(database, { batch });
}
