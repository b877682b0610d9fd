import { Problem } from "@vitrine/contracts";
import { type Databases, databasesOf, guardClient } from "@vitrine/store";
import * as schema from "@vitrine/store/schema";
import { drizzle } from "drizzle-orm/d1";
import { withDeadline } from "../deadline.ts";

/** D1 answers in milliseconds and gives up after 30 s; a client that waits for a page has left before that. */
export const queryDeadlineMillis = 10_000;

const retryAfterSeconds = 5;

/** SQLite's words for a query that is wrong; whatever else goes wrong in D1 passes. */
const wrongQuery = /SQLITE_(ERROR|CONSTRAINT|MISMATCH|RANGE|TOOBIG)|D1_TYPE_ERROR|D1_COLUMN_NOTFOUND/;

/**
 * The database of this deployment. A query that D1 does not answer, or not in time, throws an `unavailable` problem.
 * Every write may be repeated, so it does no harm that one which came too late is in.
 */
export function openDatabases(binding: D1Database): Databases {
  const known = opened.get(binding);
  if (known) return known;
  const databases = databasesOf([drizzle(guardClient(binding, guard), { schema })]);
  opened.set(binding, databases);
  return databases;
}

/** Drizzle reads the whole schema when it opens one: once an isolate, not once a request. */
const opened = new WeakMap<D1Database, Databases>();

async function guard<T>(work: Promise<T>): Promise<T> {
  try {
    return await withDeadline(work, queryDeadlineMillis, "The database");
  } catch (cause) {
    if (cause instanceof Error && wrongQuery.test(cause.message)) throw cause;
    const sentence = "The database does not answer now: ask again in a few seconds.";
    throw new Problem("unavailable", sentence, { cause, retryAfterSeconds });
  }
}
