/**
 * The region's store: the last actions of the users who are here, and what must reach their very next feed.
 *
 * One Durable Object a region, so a save here is known to the next feed here without waiting for a queue. What it
 * keeps is the short memory; D1 holds the truth and the user embedding in KV the long memory. Whatever is recorded
 * stands in the outbox until ingest has acknowledged it, which it does once D1, KV and all other regions have it: a queue
 * that forgets (the local one does on restart), a consumer that dies or a region that is down loses nothing, because the
 * alarm sends again and everybody counts every id once.
 */
import { DurableObject } from "cloudflare:workers";
import {
  type Action,
  type Adoption,
  type BoardId,
  type EventsMessage,
  type Exposure,
  isRegion,
  type KeptAction,
  type PinId,
  type RecentActivity,
  type Region,
  type RegionStoreService,
  type ShownPages,
  type UserChange,
  type UserId,
  type UserRefresh,
} from "@vitrine/contracts";
import { PageShares, packFeatures } from "@vitrine/ranking";
import type { Bindings } from "./bindings.ts";
import { sendEvents } from "./events-queue.ts";
import { RegionActivity } from "./region-activity.ts";
import { RegionExposures } from "./region-exposures.ts";

/** Ingest answers in a second or two; what three have not answered is lost, and the other regions wait for it. */
export const resendAfterMillis = 3_000;
/** Resending backs off to an hour: what ingest cannot take for long must not fill the queue. */
const maxResendMillis = 3_600_000;
/** A queue message may have 128 KB; an action with its embeddings has about 700 bytes. */
const maxMessageCharacters = 100_000;
/** One alarm sends at most this much, to stay short, and the next comes a second later: no storm after an outage. */
const maxActionsPerAlarm = 2_000;
const minAlarmGapMillis = 1_000;
/** Without an outbox the alarm only forgets. */
const expireEveryMillis = 24 * 3_600_000;

const outboxTable = `
  CREATE TABLE IF NOT EXISTS outbox (id TEXT PRIMARY KEY, body TEXT NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL)
    WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due_at);
`;

type OutboxBody = { action: Action } | { refresh: UserRefresh } | { exposure: Exposure };

export class RegionStore extends DurableObject<Bindings> implements RegionStoreService {
  readonly #sql: SqlStorage;
  readonly #activity: RegionActivity;
  readonly #exposures: RegionExposures;
  readonly #shares = new PageShares();

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(outboxTable);
    this.#activity = new RegionActivity(this.#sql);
    this.#exposures = new RegionExposures(this.#sql);
  }

  async record(userId: UserId, region: Region, actions: KeptAction[]): Promise<number> {
    const recorded: OutboxBody[] = [];
    this.ctx.storage.transactionSync(() => {
      for (const kept of actions) {
        if (!this.#activity.keep(userId, kept)) continue;
        const { id, pinId, type, occurredAt } = kept;
        const features = packFeatures(kept);
        recorded.push({ action: { id, userId, pinId, type, region, occurredAt, ...(features && { features }) } });
      }
      this.#activity.forgetOldest(userId);
    });
    await this.#dispatch(region, recorded);
    return recorded.length;
  }

  async recent(userId: UserId | null, limit: number): Promise<RecentActivity> {
    const now = Date.now();
    return { ...this.#activity.recent(userId, limit, now), overexposed: this.#shares.overexposed(now) };
  }

  async change(userId: UserId, change: UserChange): Promise<void> {
    this.#activity.apply(userId, change);
    await this.#refresh(userId, change);
  }

  async adopt({ actions, changes }: Adoption): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const { userId, change } of changes) this.#activity.apply(userId, change);
      for (const action of actions) this.#activity.keep(action.userId, action);
      for (const userId of new Set(actions.map((action) => action.userId))) this.#activity.forgetOldest(userId);
    });
    await this.#setAlarm();
  }

  async expose(userId: UserId, exposures: Pick<Exposure, "experimentId" | "variant" | "at">[]): Promise<void> {
    // Up to the outbox there is no await: what is remembered as told and what is to be told are written together.
    const bodies = this.#exposures.add(userId, exposures).map((exposure): OutboxBody => ({ exposure }));
    await this.#dispatch(this.#region(), bodies);
  }

  async acknowledge(ids: string[]): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const id of ids) this.#sql.exec("DELETE FROM outbox WHERE id = ?", id);
    });
  }

  async bury(ids: (PinId | BoardId)[]): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#activity.bury(ids, Date.now()));
  }

  async restore(ids: (PinId | BoardId)[]): Promise<void> {
    this.#activity.restore(ids);
  }

  async tellShown(shown: ShownPages): Promise<void> {
    this.#shares.add(shown, Date.now());
  }

  /** Sends again what was not acknowledged in time, and forgets what is too old. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    this.#activity.expire(now);
    this.#exposures.expire(now);
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
    await this.#send(due.map(({ body }) => body));
  }

  async #refresh(userId: UserId, change: UserChange): Promise<void> {
    await this.#dispatch(this.#region(), [{ refresh: { id: `refresh.${crypto.randomUUID()}`, userId, change } }]);
  }

  #region(): Region {
    // Known inside the object, alarms included, since 2026-03-15 (changelog: Access Durable Object name via ctx.id.name).
    const region = this.ctx.id.name;
    if (!isRegion(region)) throw new Error(`a region's store is made by the name of a region, not ${region}`);
    return region;
  }

  /** Into the outbox first, then on its way; the alarm stands behind both. */
  async #dispatch(region: Region, bodies: OutboxBody[]): Promise<void> {
    if (bodies.length === 0) return;
    const dueAt = Date.now() + resendAfterMillis;
    const texts = bodies.map((body) => JSON.stringify(body));
    this.ctx.storage.transactionSync(() => {
      for (const [i, body] of bodies.entries()) {
        this.#sql.exec("INSERT OR REPLACE INTO outbox VALUES (?, ?, 0, ?)", idOf(body), texts[i] ?? "", dueAt);
      }
    });
    await this.#setAlarm();
    // Not awaited: the caller's answer needs only what is durable, and the alarm sends again what this fails to.
    this.ctx.waitUntil(this.#send(texts, region));
  }

  async #setAlarm(): Promise<void> {
    const now = Date.now();
    const due = this.#sql.exec<{ at: number | null }>("SELECT min(due_at) AS at FROM outbox").one().at;
    const next = due === null ? now + expireEveryMillis : Math.max(due, now + minAlarmGapMillis);
    const current = await this.ctx.storage.getAlarm();
    if (current === null || current > next) await this.ctx.storage.setAlarm(next);
  }

  async #send(bodies: string[], region = this.ctx.id.name): Promise<void> {
    if (!isRegion(region)) return;
    for (const part of partsOf(bodies)) {
      const message: EventsMessage = {
        region,
        actions: part.flatMap((body) => ("action" in body ? [body.action] : [])),
        refreshes: part.flatMap((body) => ("refresh" in body ? [body.refresh] : [])),
        exposures: part.flatMap((body) => ("exposure" in body ? [body.exposure] : [])),
      };
      try {
        await sendEvents(this.env, message);
      } catch (cause) {
        console.error("events stay in the outbox", cause);
      }
    }
  }
}

/** As few messages as a queue takes. */
function partsOf(bodies: readonly string[]): OutboxBody[][] {
  const parts: OutboxBody[][] = [];
  let room = 0;
  for (const body of bodies) {
    if (body.length > room) {
      parts.push([]);
      room = maxMessageCharacters;
    }
    room -= body.length;
    parts.at(-1)?.push(JSON.parse(body));
  }
  return parts;
}

function idOf(body: OutboxBody): string {
  if ("action" in body) return body.action.id;
  return "refresh" in body ? body.refresh.id : body.exposure.id;
}
