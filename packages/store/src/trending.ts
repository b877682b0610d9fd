/** Trending: weighted actions by region and hour, summed with decay. */
import type { PinId, Region } from "@vitrine/contracts";
import { sql } from "drizzle-orm";
import type { Databases } from "./database.ts";

const hourMillis = 3_600_000;
/** Weights halve each day, so after two weeks less than a ten-thousandth is left. */
const usualHalfLifeHours = 24;
export const trendingDays = 14;

/**
 * Pins by their weight in the region, heaviest first; where the region has too few, those most saved anywhere follow.
 * One query a database.
 */
export async function trendingPins(
  databases: Databases,
  region: Region,
  {
    now,
    limit,
    halfLifeHours = usualHalfLifeHours,
  }: { now: number; limit: number; halfLifeHours?: number | undefined },
): Promise<PinId[]> {
  const hour = Math.floor(now / hourMillis);
  const answers = await Promise.all(
    databases.all().map((database) =>
      database.all<{ id: PinId; weight: number; saves: number }>(sql`
        SELECT * FROM (
          SELECT pin_id AS id, sum(weight * 1.0 / (1 << min(max((${hour} - hour) / ${halfLifeHours}, 0), 30))) AS weight, 0 AS saves
          FROM trending_hours WHERE region = ${region} AND hour > ${hour - trendingDays * 24}
          GROUP BY pin_id HAVING sum(weight) > 0 ORDER BY 2 DESC, 1 LIMIT ${limit})
        UNION ALL
        SELECT * FROM (
          SELECT pin_id AS id, 0 AS weight, saves FROM save_counts ORDER BY saves DESC, pin_id DESC LIMIT ${limit})`),
    ),
  );
  const pins = new Map<PinId, { weight: number; saves: number }>();
  for (const { id, weight, saves } of answers.flat()) {
    const known = pins.get(id) ?? { weight: 0, saves: 0 };
    pins.set(id, { weight: known.weight + weight, saves: known.saves + saves });
  }
  return [...pins]
    .toSorted(([a, x], [b, y]) => y.weight - x.weight || y.saves - x.saves || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([id]) => id);
}
