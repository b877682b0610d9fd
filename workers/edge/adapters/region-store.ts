/**
 * The region's store: the last actions of the users who are here, and what must reach their very next feed.
 *
 * One Durable Object a region, so a save here is known to the next feed here without waiting for a queue. What it
 * keeps is the short memory; D1 holds the truth and the user embedding in KV the long memory. Whatever is recorded
 * stands in the outbox until ingest has acknowledged it: a queue that forgets (the local one does on restart) or a
 * consumer that dies loses nothing, because the alarm sends again and ingest counts every id once.
 */
import { DurableObject } from "cloudflare:workers";
import {
  type Action,
  type ActionType,
  type BoardId,
  type EventsMessage,
  isRegion,
  type KeptAction,
  type KeptTaste,
  limits,
  type PinId,
  type RecentActivity,
  type Region,
  type RegionStoreService,
  type RelationChange,
  type Tombstone,
  type UserChange,
  type UserId,
  type UserRefresh,
} from "@vitrine/contracts";
import type { Bindings } from "./bindings.ts";

/** Ingest answers within seconds; a minute without an answer means the message is lost. */
export const resendAfterMillis = 60_000;
/** Resending backs off to an hour: what ingest cannot take for long must not fill the queue. */
const maxResendMillis = 3_600_000;
/** Longer than any fragment lives, so nothing that holds a buried pin outlives its tombstone. */
export const tombstoneMillis = 3_600_000;
/** A follow or block reaches the user embedding within minutes; an hour covers an outage of ingest. */
const relationMillis = 3_600_000;
/** The short memory: what is older is in the user embedding. Bounds the object far below its 10 GB. */
const actionMillis = 30 * 24 * 3_600_000;
/** 250 actions of about 250 bytes: half of the 128 KB that a queue message may have. */
const maxActionsPerMessage = 250;
/** One alarm sends at most 20 messages, to stay short; the next follows at once. */
const maxActionsPerAlarm = 20 * maxActionsPerMessage;

const tables = `
  CREATE TABLE IF NOT EXISTS actions (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, pin_id TEXT NOT NULL, type TEXT NOT NULL,
    occurred_at INTEGER NOT NULL, embedding BLOB NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS actions_user ON actions (user_id, occurred_at);
  CREATE INDEX IF NOT EXISTS actions_occurred ON actions (occurred_at);
  CREATE TABLE IF NOT EXISTS outbox (id TEXT PRIMARY KEY, body TEXT NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL)
    WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due_at);
  CREATE TABLE IF NOT EXISTS tombstones (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS relations (user_id TEXT NOT NULL, relation TEXT NOT NULL, target_id TEXT NOT NULL,
    holds INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user_id, relation, target_id)) WITHOUT ROWID;
`;

type ActionRow = {
  id: string;
  pin_id: string;
  type: string;
  occurred_at: number;
  embedding: ArrayBuffer;
  model: string | null;
  item: number | null;
  vector: ArrayBuffer | null;
};

type OutboxBody = { action: Action } | { refresh: UserRefresh };

export class RegionStore extends DurableObject<Bindings> implements RegionStoreService {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(tables);
    this.#addTaste();
  }

  async record(userId: UserId, region: Region, actions: KeptAction[]): Promise<number> {
    const recorded: OutboxBody[] = [];
    this.ctx.storage.transactionSync(() => {
      for (const { id, pinId, type, occurredAt, embedding, taste } of actions) {
        const isNew = this.#sql.exec(
          `INSERT OR IGNORE INTO actions (id, user_id, pin_id, type, occurred_at, embedding, model, item, vector)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
          ...[id, userId, pinId, type, occurredAt, embedding],
          ...[taste?.model ?? null, taste?.item ?? null, taste?.vector ?? null],
        );
        if (isNew.toArray().length > 0) recorded.push({ action: { id, userId, pinId, type, region, occurredAt } });
      }
      this.#forgetOldest(userId);
    });
    await this.#dispatch(region, recorded);
    return recorded.length;
  }

  async recent(userId: UserId | null, limit: number): Promise<RecentActivity> {
    const now = Date.now();
    return {
      actions: userId === null ? [] : this.#actionsOf(userId, Math.min(limit, limits.maxActionsPerUser)),
      tombstones: this.#sql
        .exec<{ id: string; at: number }>("SELECT id, at FROM tombstones WHERE at > ?", now - tombstoneMillis)
        .toArray()
        .map((row): Tombstone => ({ id: row.id as PinId | BoardId, at: row.at })),
      relations: userId === null ? [] : this.#relationsOf(userId, now - relationMillis),
    };
  }

  async change(userId: UserId, change: UserChange): Promise<void> {
    await this.adopt(userId, change);
    await this.#refresh(userId, change);
  }

  async adopt(userId: UserId, change: UserChange): Promise<void> {
    if ("relation" in change) return this.#relate(userId, change);
    const { pinId, type, at } = change;
    this.#sql.exec(
      "DELETE FROM actions WHERE user_id = ? AND pin_id = ? AND type = ? AND occurred_at <= ?",
      ...[userId, pinId, type, at],
    );
  }

  async acknowledge(ids: string[]): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const id of ids) this.#sql.exec("DELETE FROM outbox WHERE id = ?", id);
    });
  }

  async bury(ids: (PinId | BoardId)[]): Promise<void> {
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec("DELETE FROM tombstones WHERE at <= ?", now - tombstoneMillis);
      for (const id of ids) this.#sql.exec("INSERT OR REPLACE INTO tombstones VALUES (?, ?)", id, now);
    });
  }

  async restore(ids: (PinId | BoardId)[]): Promise<void> {
    for (const id of ids) this.#sql.exec("DELETE FROM tombstones WHERE id = ?", id);
  }

  /** Sends again what was not acknowledged in time, and forgets actions that are too old. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    this.#sql.exec("DELETE FROM actions WHERE occurred_at <= ?", now - actionMillis);
    const due = this.#sql
      .exec<{ id: string; body: string; attempts: number }>(
        "SELECT id, body, attempts FROM outbox WHERE due_at <= ? ORDER BY due_at LIMIT ?",
        ...[now, maxActionsPerAlarm],
      )
      .toArray();
    this.ctx.storage.transactionSync(() => {
      for (const { id, attempts } of due) {
        const dueAt = now + Math.min(resendAfterMillis * 2 ** attempts, maxResendMillis);
        this.#sql.exec("UPDATE outbox SET attempts = ?, due_at = ? WHERE id = ?", attempts + 1, dueAt, id);
      }
    });
    await this.#setAlarm();
    await this.#send(due.map(({ body }): OutboxBody => JSON.parse(body)));
  }

  /** Views are taken apart and without embeddings: they say nothing of taste and must not push a save out. */
  #actionsOf(userId: UserId, limit: number): KeptAction[] {
    return this.#sql
      .exec<ActionRow>(
        `SELECT * FROM (SELECT id, pin_id, type, occurred_at, embedding, model, item, vector FROM actions
            WHERE user_id = ? AND type <> 'view' ORDER BY occurred_at DESC, id LIMIT ?)
          UNION ALL
          SELECT * FROM (SELECT id, pin_id, type, occurred_at, x'' AS embedding, NULL, NULL, NULL FROM actions
            WHERE user_id = ? AND type = 'view' ORDER BY occurred_at DESC, id LIMIT ?)
          ORDER BY occurred_at DESC, id`,
        ...[userId, limit, userId, limit],
      )
      .toArray()
      .map((row) => ({
        id: row.id,
        pinId: row.pin_id as PinId,
        type: row.type as ActionType,
        occurredAt: row.occurred_at,
        embedding: new Uint8Array(row.embedding),
        taste: tasteOf(row),
      }));
  }

  /** Objects that were made before there were models lack the columns of the pin's place in one. */
  #addTaste(): void {
    const columns = this.#sql.exec<{ name: string }>("SELECT name FROM pragma_table_info('actions')").toArray();
    if (columns.some(({ name }) => name === "vector")) return;
    for (const column of ["model TEXT", "item INTEGER", "vector BLOB"]) {
      this.#sql.exec(`ALTER TABLE actions ADD COLUMN ${column}`);
    }
  }

  /** The last word holds, in whatever order words come. */
  #relate(userId: UserId, { relation, targetId, holds, at }: RelationChange): void {
    this.#sql.exec("DELETE FROM relations WHERE at <= ?", Date.now() - relationMillis);
    this.#sql.exec(
      `INSERT INTO relations VALUES (?, ?, ?, ?, ?) ON CONFLICT (user_id, relation, target_id)
         DO UPDATE SET holds = excluded.holds, at = excluded.at WHERE excluded.at >= at`,
      ...[userId, relation, targetId, holds ? 1 : 0, at],
    );
  }

  #relationsOf(userId: UserId, after: number): RelationChange[] {
    return this.#sql
      .exec<{ relation: string; target_id: string; holds: number; at: number }>(
        "SELECT relation, target_id, holds, at FROM relations WHERE user_id = ? AND at > ?",
        ...[userId, after],
      )
      .toArray()
      .map((row) => ({
        relation: row.relation as RelationChange["relation"],
        targetId: row.target_id as UserId | BoardId,
        holds: row.holds === 1,
        at: row.at,
      }));
  }

  /** Keeps the newest actions of a user (design: 1,000). */
  #forgetOldest(userId: UserId): void {
    this.#sql.exec(
      `DELETE FROM actions WHERE id IN
         (SELECT id FROM actions WHERE user_id = ? ORDER BY occurred_at DESC, id LIMIT -1 OFFSET ?)`,
      ...[userId, limits.maxActionsPerUser],
    );
  }

  async #refresh(userId: UserId, change: UserChange): Promise<void> {
    // Known inside the object, alarms included, since 2026-03-15 (changelog: Access Durable Object name via ctx.id.name).
    const region = this.ctx.id.name;
    if (!isRegion(region)) throw new Error(`a region's store is made by the name of a region, not ${region}`);
    await this.#dispatch(region, [{ refresh: { id: `refresh.${crypto.randomUUID()}`, userId, change } }]);
  }

  /** Into the outbox first, then on its way; the alarm stands behind both. */
  async #dispatch(region: Region, bodies: OutboxBody[]): Promise<void> {
    if (bodies.length === 0) return;
    const dueAt = Date.now() + resendAfterMillis;
    this.ctx.storage.transactionSync(() => {
      for (const body of bodies) {
        const id = "action" in body ? body.action.id : body.refresh.id;
        this.#sql.exec("INSERT OR REPLACE INTO outbox VALUES (?, ?, 0, ?)", id, JSON.stringify(body), dueAt);
      }
    });
    await this.#setAlarm();
    // Not awaited: the caller's answer needs only what is durable, and the alarm sends again what this fails to.
    this.ctx.waitUntil(this.#send(bodies, region));
  }

  async #setAlarm(): Promise<void> {
    const next = this.#sql.exec<{ at: number | null }>("SELECT min(due_at) AS at FROM outbox").one().at;
    if (next === null) return;
    const current = await this.ctx.storage.getAlarm();
    if (current === null || current > next) await this.ctx.storage.setAlarm(next);
  }

  async #send(bodies: OutboxBody[], region = this.ctx.id.name): Promise<void> {
    if (!isRegion(region)) return;
    for (let start = 0; start < bodies.length; start += maxActionsPerMessage) {
      const part = bodies.slice(start, start + maxActionsPerMessage);
      const message: EventsMessage = {
        region,
        actions: part.flatMap((body) => ("action" in body ? [body.action] : [])),
        refreshes: part.flatMap((body) => ("refresh" in body ? [body.refresh] : [])),
      };
      try {
        await this.env.EVENTS_QUEUE.send(message);
      } catch (cause) {
        console.error("events stay in the outbox", cause);
      }
    }
  }
}

function tasteOf({ model, item, vector }: ActionRow): KeptTaste | null {
  return model !== null && item !== null && vector ? { model, item, vector: new Uint8Array(vector) } : null;
}
