/**
 * What a region's store remembers of its users, in SQLite: actions, what was taken back, relations, tombstones.
 *
 * Words come from here and, by queue, from all other regions: twice, late, in any order. The outcome depends on the set
 * of words alone. An id is kept once; of an action and its taking back the later holds, and at the same millisecond the
 * taking back; of two words about a relation the later holds, and at the same millisecond the end.
 */
import {
  type ActionType,
  type BoardId,
  type KeptAction,
  limits,
  type PinId,
  type RecentActivity,
  type RelationChange,
  type Tombstone,
  type UserChange,
  type UserId,
  type Withdrawal,
} from "@vitrine/contracts";

/** Longer than any fragment lives, so nothing that holds a buried pin outlives its tombstone. */
export const tombstoneMillis = 3_600_000;
/** A follow, a block or an unsave reaches the user embedding within minutes; an hour covers an outage of ingest. */
const relationMillis = 3_600_000;
/** The short memory: what is older is in the user embedding. Bounds the object far below its 10 GB. */
const actionMillis = 30 * 24 * 3_600_000;
/** As many as a user embedding folds in; what is before them says only which pins are known. 260 bytes each. */
export const maxEmbeddingsTold = 64;
/** A page takes so many out of a user embedding that does not know of them yet. */
export const maxWithdrawalsTold = 64;

const tables = `
  CREATE TABLE IF NOT EXISTS actions (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, pin_id TEXT NOT NULL, type TEXT NOT NULL,
    occurred_at INTEGER NOT NULL, embedding BLOB NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS actions_recent ON actions (user_id, type = 'view', occurred_at DESC, id);
  CREATE INDEX IF NOT EXISTS actions_occurred ON actions (occurred_at);
  DROP INDEX IF EXISTS actions_user;
  CREATE TABLE IF NOT EXISTS withdrawals (user_id TEXT NOT NULL, pin_id TEXT NOT NULL, type TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (user_id, pin_id, type)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS withdrawals_at ON withdrawals (at);
  CREATE INDEX IF NOT EXISTS withdrawals_recent ON withdrawals (user_id, at DESC);
  CREATE TABLE IF NOT EXISTS tombstones (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS tombstones_at ON tombstones (at);
  CREATE TABLE IF NOT EXISTS relations (user_id TEXT NOT NULL, relation TEXT NOT NULL, target_id TEXT NOT NULL,
    holds INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user_id, relation, target_id)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS relations_at ON relations (at);
`;

/** Columns that a store which is older than they are lacks. */
const laterColumns = { model: "TEXT", item: "INTEGER", vector: "BLOB" };

/** One statement for a user: ?1 user, ?2 how many actions, ?3 relations and withdrawals since. */
export const recentQuery = `
  SELECT * FROM (SELECT 'action' AS kind, id, pin_id, type, occurred_at AS at, embedding, model, item,
      vector FROM actions WHERE user_id = ?1 AND (type = 'view') = 0 ORDER BY occurred_at DESC, id LIMIT ?2)
  UNION ALL
  SELECT * FROM (SELECT 'view', id, pin_id, type, occurred_at, NULL, NULL, NULL, NULL
      FROM actions WHERE user_id = ?1 AND (type = 'view') = 1 ORDER BY occurred_at DESC, id LIMIT ?2)
  UNION ALL
  SELECT 'relation', target_id, '', relation, at, NULL, NULL, holds, NULL FROM relations WHERE user_id = ?1 AND at > ?3
  UNION ALL
  SELECT * FROM (SELECT 'withdrawal', pin_id, pin_id, type, at, NULL, NULL, NULL, NULL FROM withdrawals
      WHERE user_id = ?1 AND at > ?3 ORDER BY at DESC, pin_id LIMIT ${maxWithdrawalsTold})`;

type Row = {
  kind: "action" | "view" | "relation" | "withdrawal";
  id: string;
  pin_id: string;
  type: string;
  at: number;
  embedding: ArrayBuffer | null;
  model: string | null;
  /** Of a relation: whether it holds. */
  item: number | null;
  vector: ArrayBuffer | null;
};

/** About 10 MB: those of the users who ask for pages now. */
const maxRememberedActions = 24_000;

interface Remembered {
  limit: number;
  activity: Omit<RecentActivity, "overexposed" | "tombstones">;
}

export class RegionActivity {
  readonly #sql: Pick<SqlStorage, "exec">;
  /** What users did, as read last, in the order of use: a page without news asks SQLite nothing. */
  readonly #remembered = new Map<UserId | null, Remembered>();
  #rememberedActions = 0;
  #tombstones: Tombstone[] | null = null;

  constructor(sql: Pick<SqlStorage, "exec">) {
    this.#sql = sql;
    sql.exec(tables);
    const known = new Set(
      sql
        .exec<{ name: string }>("SELECT name FROM pragma_table_info('actions')")
        .toArray()
        .map(({ name }) => name),
    );
    for (const [name, type] of Object.entries(laterColumns)) {
      if (!known.has(name)) sql.exec(`ALTER TABLE actions ADD COLUMN ${name} ${type}`);
    }
  }

  /** Keeps an action unless its id is known; answers whether it was new. One that was taken back since is new and not kept. */
  keep(userId: UserId, { id, pinId, type, occurredAt, embedding, taste }: KeptAction): boolean {
    if (this.#sql.exec("SELECT 1 FROM actions WHERE id = ?", id).toArray().length > 0) return false;
    this.#forget(userId);
    this.#sql.exec(
      `INSERT INTO actions (id, user_id, pin_id, type, occurred_at, embedding, model, item, vector)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS
         (SELECT 1 FROM withdrawals WHERE user_id = ?2 AND pin_id = ?3 AND type = ?4 AND at >= ?5)`,
      ...[id, userId, pinId, type, occurredAt, type === "view" ? new Uint8Array(0) : embedding],
      ...(taste && type !== "view" ? [taste.model, taste.item, taste.vector] : [null, null, null]),
    );
    return true;
  }

  /** Keeps the newest actions of a user (design: 1,000), views apart from the others. */
  forgetOldest(userId: UserId): void {
    this.#forget(userId);
    for (const isView of [0, 1]) {
      this.#sql.exec(
        `DELETE FROM actions WHERE id IN (SELECT id FROM actions WHERE user_id = ? AND (type = 'view') = ?
           ORDER BY occurred_at DESC, id LIMIT -1 OFFSET ?)`,
        ...[userId, isView, limits.maxActionsPerUser],
      );
    }
  }

  apply(userId: UserId, change: UserChange): void {
    this.#forget(userId);
    if ("relation" in change) this.#relate(userId, change);
    else this.#withdraw(userId, change);
  }

  #withdraw(userId: UserId, { pinId, type, at }: Withdrawal): void {
    this.#sql.exec(
      "DELETE FROM actions WHERE user_id = ? AND pin_id = ? AND type = ? AND occurred_at <= ?",
      ...[userId, pinId, type, at],
    );
    this.#sql.exec(
      `INSERT INTO withdrawals VALUES (?, ?, ?, ?) ON CONFLICT (user_id, pin_id, type)
         DO UPDATE SET at = excluded.at WHERE excluded.at > at`,
      ...[userId, pinId, type, at],
    );
  }

  recent(userId: UserId | null, limit: number, now: number): Omit<RecentActivity, "overexposed"> {
    const { actions, relations, withdrawals } = this.#activityOf(
      userId,
      Math.min(limit, limits.maxActionsPerUser),
      now,
    );
    const isRecent = ({ at }: { at: number }) => at > now - relationMillis;
    this.#tombstones ??= this.#sql.exec<{ id: PinId | BoardId; at: number }>("SELECT id, at FROM tombstones").toArray();
    return {
      actions,
      tombstones: this.#tombstones.filter(({ at }) => at > now - tombstoneMillis),
      relations: relations.filter(isRecent),
      withdrawals: withdrawals.filter(isRecent),
    };
  }

  #activityOf(userId: UserId | null, limit: number, now: number): Remembered["activity"] {
    const remembered = this.#remembered.get(userId);
    this.#forget(userId);
    const isEnough = remembered?.limit === limit;
    const activity = isEnough ? remembered.activity : this.#read(userId, limit, now);
    this.#remembered.set(userId, { limit, activity });
    this.#rememberedActions += activity.actions.length + 1;
    for (const oldest of this.#remembered.keys()) {
      if (this.#rememberedActions <= maxRememberedActions) break;
      this.#forget(oldest);
    }
    return activity;
  }

  #forget(userId: UserId | null): void {
    this.#rememberedActions -= (this.#remembered.get(userId)?.activity.actions.length ?? -1) + 1;
    this.#remembered.delete(userId);
  }

  #read(userId: UserId | null, limit: number, now: number): Remembered["activity"] {
    const rows = this.#sql.exec<Row>(recentQuery, ...[userId ?? "", limit, now - relationMillis]).toArray();
    const telling = rows.filter(({ kind }) => kind === "action").map((row, i) => actionOf(row, i < maxEmbeddingsTold));
    const views = rows.filter(({ kind }) => kind === "view").map((row) => actionOf(row, false));
    return {
      actions: [...telling, ...views].sort((a, b) => b.occurredAt - a.occurredAt || (a.id < b.id ? -1 : 1)),
      relations: rows.filter(({ kind }) => kind === "relation").map(relationOf),
      withdrawals: rows.filter(({ kind }) => kind === "withdrawal").map(withdrawalOf),
    };
  }

  bury(ids: readonly (PinId | BoardId)[], now: number): void {
    this.#tombstones = null;
    this.#sql.exec("DELETE FROM tombstones WHERE at <= ?", now - tombstoneMillis);
    for (const id of ids) this.#sql.exec("INSERT OR REPLACE INTO tombstones VALUES (?, ?)", id, now);
  }

  restore(ids: readonly (PinId | BoardId)[]): void {
    this.#tombstones = null;
    for (const id of ids) this.#sql.exec("DELETE FROM tombstones WHERE id = ?", id);
  }

  /** Forgets what is too old to matter. */
  expire(now: number): void {
    for (const userId of this.#remembered.keys()) this.#forget(userId);
    this.#sql.exec("DELETE FROM actions WHERE occurred_at <= ?", now - actionMillis);
    this.#sql.exec("DELETE FROM withdrawals WHERE at <= ?", now - actionMillis);
    this.#sql.exec("DELETE FROM relations WHERE at <= ?", now - relationMillis);
  }

  #relate(userId: UserId, { relation, targetId, holds, at }: RelationChange): void {
    this.#sql.exec(
      `INSERT INTO relations VALUES (?, ?, ?, ?, ?) ON CONFLICT (user_id, relation, target_id)
         DO UPDATE SET holds = excluded.holds, at = excluded.at
         WHERE excluded.at > at OR (excluded.at = at AND excluded.holds < holds)`,
      ...[userId, relation, targetId, holds ? 1 : 0, at],
    );
  }
}

function actionOf(row: Row, hasEmbeddings: boolean): KeptAction {
  const { model, item, vector } = row;
  const isKnownToModel = hasEmbeddings && model !== null && item !== null && vector !== null;
  return {
    id: row.id,
    pinId: row.pin_id as PinId,
    type: row.type as ActionType,
    occurredAt: row.at,
    embedding: hasEmbeddings && row.embedding ? new Uint8Array(row.embedding) : new Uint8Array(0),
    taste: isKnownToModel ? { model, item, vector: new Uint8Array(vector) } : null,
  };
}

function withdrawalOf({ pin_id, type, at }: Row): Withdrawal {
  return { pinId: pin_id as PinId, type: type as ActionType, at };
}

function relationOf({ id, type, at, item: holds }: Row): RelationChange {
  return {
    relation: type as RelationChange["relation"],
    targetId: id as UserId | BoardId,
    holds: holds === 1,
    at,
  };
}
