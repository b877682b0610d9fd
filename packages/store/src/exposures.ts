/** Exposures: kept once for each user and experiment, and what the exposed users did afterwards. */
import type { ActionType, ExperimentMetric, Exposure } from "@vitrine/contracts";
import { type SQL, sql } from "drizzle-orm";
import type { Databases } from "./database.ts";

/** Users of an experiment counted in one database: with ten actions each, a few seconds of D1's thirty. */
export const maxExposuresPerDatabase = 100_000;

/**
 * Keeps the first exposure of each user and experiment by its time. Late, repeated and reordered deliveries leave the same
 * rows: the earliest wins, and of two at once the variant that comes first by name.
 */
export async function keepExposures(databases: Databases, exposures: readonly Exposure[]): Promise<void> {
  const byDatabase = Map.groupBy(exposures, ({ userId }) => databases.forId(userId));
  await Promise.all(
    [...byDatabase].map(([database, theirs]) =>
      // The WHERE keeps SQLite from reading ON as a join's (Parsing Ambiguity, lang_upsert.html).
      database.run(sql`
        INSERT INTO exposures (experiment_id, user_id, variant, at)
        SELECT value ->> 'experimentId', value ->> 'userId', value ->> 'variant', value ->> 'at'
        FROM json_each(${JSON.stringify(theirs)}) WHERE true
        ON CONFLICT (experiment_id, user_id) DO UPDATE SET variant = excluded.variant, at = excluded.at
        WHERE excluded.at < at OR (excluded.at = at AND excluded.variant < variant)`),
    ),
  );
}

/** Sums over the exposed users of a variant: `x` is what the metric counts of a user, `y` what it is divided by. */
export interface OutcomeRow {
  variant: string;
  users: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
  yy: number;
}

/**
 * What the users of an experiment did between their exposure and `until` (milliseconds since 1970), by variant. Actions are
 * kept for 90 days, which bounds how far back it sees. One query a database.
 */
export async function outcomesOf(
  databases: Databases,
  experimentId: string,
  { metric, until }: { metric: ExperimentMetric; until: number },
): Promise<{ rows: OutcomeRow[]; isTruncated: boolean }> {
  const { x, y } = partsOf[metric](until);
  const answers = await Promise.all(
    databases.all().map((database) =>
      database.all<OutcomeRow>(sql`
        SELECT variant, count(*) AS users, sum(x) AS x, sum(y) AS y, sum(x * x) AS xx, sum(x * y) AS xy, sum(y * y) AS yy
        FROM (
          SELECT e.variant AS variant, ${x} AS x, ${y} AS y
          FROM (SELECT user_id, variant, at FROM exposures
            WHERE experiment_id = ${experimentId} AND at < ${until} LIMIT ${maxExposuresPerDatabase}) e)
        GROUP BY variant`),
    ),
  );
  const isTruncated = answers.some((rows) => sumOf(rows, "users") === maxExposuresPerDatabase);
  const byVariant = Map.groupBy(answers.flat(), ({ variant }) => variant);
  const rows = [...byVariant].map(([variant, theirs]) => ({
    variant,
    users: sumOf(theirs, "users"),
    x: sumOf(theirs, "x"),
    y: sumOf(theirs, "y"),
    xx: sumOf(theirs, "xx"),
    xy: sumOf(theirs, "xy"),
    yy: sumOf(theirs, "yy"),
  }));
  return { rows, isTruncated };
}

function sumOf(rows: readonly OutcomeRow[], part: Exclude<keyof OutcomeRow, "variant">): number {
  return rows.reduce((sum, row) => sum + row[part], 0);
}

const partsOf = {
  "saves-per-user": (until) => ({ x: countOf("save", until), y: sql`1` }),
  "save-conversion": (until) => ({ x: sql`min(${countOf("save", until)}, 1)`, y: sql`1` }),
  "closeups-per-user": (until) => ({ x: countOf("closeup", until), y: sql`1` }),
  "saves-per-closeup": (until) => ({ x: countOf("save", until), y: countOf("closeup", until) }),
} as const satisfies Record<ExperimentMetric, (until: number) => { x: SQL; y: SQL }>;

function countOf(type: ActionType, until: number): SQL {
  return sql`(SELECT count(*) FROM actions a
    WHERE a.user_id = e.user_id AND a.type = ${type} AND a.occurred_at >= e.at AND a.occurred_at < ${until})`;
}
