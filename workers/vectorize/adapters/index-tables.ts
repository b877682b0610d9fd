import type { IndexDetails, VectorMetadata } from "@vitrine/vectors";
import type { IndexDefinition } from "../definitions.ts";
import type { StoredVector } from "../requests.ts";

export type MutationKind = "insert" | "upsert" | "delete";

/** A mutation that was accepted and is not seen yet. */
export interface PendingMutation {
  sequence: number;
  id: string;
  kind: MutationKind;
  visibleAt: number;
}

export type Processed = Pick<IndexDetails, "processedUpToDatetime" | "processedUpToMutation">;

/**
 * `vectors` is what queries see. `mutations` and `changes`, one row a vector because a whole batch can pass SQLite's
 * 2 MB a row, are what was accepted and is not seen yet. `facts` holds the definition and the last mutation processed.
 */
export function createTables(sql: SqlStorage): void {
  sql.exec(`
    CREATE TABLE IF NOT EXISTS vectors (
      id TEXT PRIMARY KEY, namespace TEXT, metadata TEXT, indexed TEXT NOT NULL, "values" BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS mutations (
      sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, visibleAt INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS changes (
      sequence INTEGER NOT NULL, position INTEGER NOT NULL,
      id TEXT NOT NULL, namespace TEXT, metadata TEXT, indexed TEXT, "values" BLOB,
      PRIMARY KEY (sequence, position)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  `);
}

export function* readVectors(sql: SqlStorage): Generator<StoredVector> {
  const rows = sql.exec<VectorRow>(`SELECT id, namespace, metadata, indexed, "values" FROM vectors`);
  for (const row of rows) yield fromRow(row);
}

export function readMetadata(sql: SqlStorage, id: string): VectorMetadata | undefined {
  const [row] = sql.exec<{ metadata: string | null }>("SELECT metadata FROM vectors WHERE id = ?", id);
  return row?.metadata ? JSON.parse(row.metadata) : undefined;
}

export function readVector(sql: SqlStorage, id: string): StoredVector | undefined {
  const [row] = sql.exec<VectorRow>(`SELECT id, namespace, metadata, indexed, "values" FROM vectors WHERE id = ?`, id);
  return row === undefined ? undefined : fromRow(row);
}

export function writeVector(sql: SqlStorage, { id, namespace, metadata, indexed, values }: StoredVector): void {
  sql.exec(
    `INSERT OR REPLACE INTO vectors (id, namespace, metadata, indexed, "values") VALUES (?, ?, ?, ?, ?)`,
    id,
    namespace,
    metadata,
    indexed,
    toBlob(values),
  );
}

export function removeVector(sql: SqlStorage, id: string): void {
  sql.exec("DELETE FROM vectors WHERE id = ?", id);
}

/** Logs a mutation behind all others. */
export function appendMutation(
  sql: SqlStorage,
  { id, kind, visibleAt }: Omit<PendingMutation, "sequence">,
  changes: readonly (StoredVector | string)[],
): void {
  const { sequence } = sql
    .exec<{ sequence: number }>(
      "INSERT INTO mutations (id, kind, visibleAt) VALUES (?, ?, ?) RETURNING sequence",
      id,
      kind,
      visibleAt,
    )
    .one();
  changes.forEach((change, position) => {
    const insert = `INSERT INTO changes (sequence, position, id, namespace, metadata, indexed, "values")`;
    if (typeof change === "string") {
      sql.exec(`${insert} VALUES (?, ?, ?, NULL, NULL, NULL, NULL)`, sequence, position, change);
      return;
    }
    const { namespace, metadata, indexed, values } = change;
    const row = [change.id, namespace, metadata, indexed, toBlob(values)];
    sql.exec(`${insert} VALUES (?, ?, ?, ?, ?, ?, ?)`, sequence, position, ...row);
  });
}

/** The first that is due, in the order of acceptance: a mutation is never seen before an earlier one. */
export function nextDueMutation(sql: SqlStorage, now: number): PendingMutation | undefined {
  const [first] = sql.exec<PendingMutation & Record<string, SqlStorageValue>>(
    "SELECT sequence, id, kind, visibleAt FROM mutations ORDER BY sequence LIMIT 1",
  );
  return first !== undefined && first.visibleAt <= now ? first : undefined;
}

export function readDeletedIds(sql: SqlStorage, sequence: number): string[] {
  const rows = sql.exec<{ id: string }>("SELECT id FROM changes WHERE sequence = ? ORDER BY position", sequence);
  return rows.toArray().map(({ id }) => id);
}

export function readChangedVectors(sql: SqlStorage, sequence: number): StoredVector[] {
  const columns = `id, namespace, metadata, indexed, "values"`;
  const rows = sql.exec<VectorRow>(`SELECT ${columns} FROM changes WHERE sequence = ? ORDER BY position`, sequence);
  return rows.toArray().map(fromRow);
}

export function markProcessed(sql: SqlStorage, { sequence, id, visibleAt }: PendingMutation): void {
  sql.exec("DELETE FROM changes WHERE sequence = ?", sequence);
  sql.exec("DELETE FROM mutations WHERE sequence = ?", sequence);
  const processed: Processed = {
    processedUpToDatetime: new Date(visibleAt).toISOString(),
    processedUpToMutation: id,
  };
  writeFact(sql, "processed", JSON.stringify(processed));
}

export function readProcessed(sql: SqlStorage): Processed {
  const processed = readFact(sql, "processed");
  return processed === undefined ? { processedUpToDatetime: null, processedUpToMutation: null } : JSON.parse(processed);
}

/** An index keeps the dimensions and the metric it was made with; throws when the code has changed its mind. */
export function requireSameDefinition(sql: SqlStorage, { dimensions, metric }: IndexDefinition): void {
  const wanted = `${dimensions} dimensions, ${metric}`;
  const made = readFact(sql, "definition");
  if (made === undefined) writeFact(sql, "definition", wanted);
  else if (made !== wanted) {
    throw new Error(`The local index was made with ${made}, and is now ${wanted}: delete .wrangler to make it anew.`);
  }
}

function readFact(sql: SqlStorage, name: string): string | undefined {
  const [row] = sql.exec<{ value: string }>("SELECT value FROM facts WHERE name = ?", name);
  return row?.value;
}

function writeFact(sql: SqlStorage, name: string, value: string): void {
  sql.exec("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", name, value);
}

interface VectorRow extends Record<string, SqlStorageValue> {
  id: string;
  namespace: string | null;
  metadata: string | null;
  indexed: string;
  values: ArrayBuffer;
}

function fromRow({ id, namespace, metadata, indexed, values }: VectorRow): StoredVector {
  return { id, namespace, metadata, indexed, values: new Float32Array(values) };
}

/** The exact bytes: the buffer of the view itself may be larger than the view. */
function toBlob(values: Float32Array): ArrayBuffer {
  return Float32Array.from(values).buffer;
}
