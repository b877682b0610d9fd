import { type AnyId, shardCount, shardOf, shardOfHandle } from "@vitrine/contracts";
import type { BatchItem, BatchResponse } from "drizzle-orm/batch";
import type { BaseSQLiteDatabase } from "drizzle-orm/sqlite-core";
import { type BatchClient, withRawBatch } from "./batch.ts";
import type * as schema from "./schema.ts";

/** A Drizzle database with D1's `batch`: its statements are one transaction and one round trip. */
export type Database = BaseSQLiteDatabase<"async", unknown, typeof schema> & {
  batch<U extends BatchItem<"sqlite">, T extends Readonly<[U, ...U[]]>>(statements: T): Promise<BatchResponse<T>>;
};

/**
 * The databases of a deployment. Ask for one by what it is to hold, never for "the" database.
 *
 * Queries join what they know (`json_each` of ids) to the tables by CROSS JOIN: SQLite then keeps the order. Its planner,
 * which holds any list for a long one, would scan the catalogue and look each row up in the list: 60 to 90 ms among 10,000
 * pins in place of 0.5.
 */
export interface Databases {
  forId(id: AnyId): Database;
  forHandle(handle: string): Database;
  /** For originals: by the first 12 bits of their hash. */
  forHash(hash: string): Database;
  all(): readonly Database[];
}

/** What `drizzle(binding, { schema })` of drizzle-orm/d1 answers. */
export type OpenedDatabase = Database & { $client: BatchClient };

/**
 * Spreads the 4,096 logical shards evenly over the given databases, in their order.
 * Adding a database moves shards: see docs/deploy.md before doing so with data in place.
 */
export function databasesOf(opened: readonly [OpenedDatabase, ...OpenedDatabase[]]): Databases {
  const databases = opened.map(withRawBatch);
  const ofShard = (shard: number) => databases[Math.floor((shard * databases.length) / shardCount)] ?? opened[0];
  return {
    forId: (id) => ofShard(shardOf(id)),
    forHandle: (handle) => ofShard(shardOfHandle(handle)),
    forHash: (hash) => ofShard(Number.parseInt(hash.slice(0, 3), 16)),
    all: () => databases,
  };
}
