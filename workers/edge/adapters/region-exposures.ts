/** Which users of a region were told of as exposed to which experiments, so that each is told of once. */
import type { Exposure, UserId } from "@vitrine/contracts";

/** Told of once more afterwards, which D1 takes for what it is: not the first. */
const rememberedMillis = 30 * 24 * 3_600_000;

const table = `
  CREATE TABLE IF NOT EXISTS exposures (experiment_id TEXT NOT NULL, user_id TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (experiment_id, user_id)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS exposures_at ON exposures (at);
`;

export class RegionExposures {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#sql.exec(table);
  }

  /** Answers those that are new, with ids. */
  add(userId: UserId, exposures: readonly Pick<Exposure, "experimentId" | "variant" | "at">[]): Exposure[] {
    return exposures.flatMap(({ experimentId, variant, at }) => {
      const isNew = this.#sql.exec(
        "INSERT OR IGNORE INTO exposures VALUES (?, ?, ?) RETURNING at",
        ...[experimentId, userId, at],
      );
      if (isNew.toArray().length === 0) return [];
      return [{ id: `exposure.${experimentId}.${userId}`, experimentId, userId, variant, at }];
    });
  }

  expire(now: number): void {
    this.#sql.exec("DELETE FROM exposures WHERE at <= ?", now - rememberedMillis);
  }
}
