/** What trained models know of pins: written once by training, read by version, deleted when the model is gone. */
import type { PinId } from "@vitrine/contracts";
import { sql } from "drizzle-orm";
import type { Databases } from "./database.ts";

export interface PinModelRow {
  pinId: PinId;
  /** Position of the pin in the model. */
  item: number;
  /** base64 of `encodePinVector`. */
  vector: string;
  /** base64 of `encodeNeighbours`. */
  neighbours: string;
}

/** 1.3 MB of JSON with 500 neighbours a pin; D1 takes 2 MB as one value. */
const maxRowsPerStatement = 300;

/** Writes rows of one model; writing them again replaces them. */
export async function putPinModels(databases: Databases, model: string, rows: readonly PinModelRow[]): Promise<void> {
  const byDatabase = Map.groupBy(rows, ({ pinId }) => databases.forId(pinId));
  for (const [database, theirs] of byDatabase) {
    for (let start = 0; start < theirs.length; start += maxRowsPerStatement) {
      const json = JSON.stringify(theirs.slice(start, start + maxRowsPerStatement));
      await database.run(sql`
        INSERT OR REPLACE INTO pin_models (pin_id, model, item, vector, neighbours)
        SELECT value ->> 'pinId', ${model}, value ->> 'item', value ->> 'vector', value ->> 'neighbours'
        FROM json_each(${json})`);
    }
  }
}

/** Vectors and neighbours of pins in a model: about 2.6 KB a pin. One query a database. */
export async function pinModelsOf(
  databases: Databases,
  model: string,
  pinIds: readonly PinId[],
): Promise<Map<PinId, PinModelRow>> {
  const byDatabase = Map.groupBy(new Set(pinIds), (pinId) => databases.forId(pinId));
  const answers = await Promise.all(
    [...byDatabase].map(([database, ids]) =>
      database.all<PinModelRow>(sql`
        SELECT m.pin_id AS pinId, m.item, m.vector, m.neighbours FROM json_each(${JSON.stringify(ids)}) wanted
        CROSS JOIN pin_models m ON m.pin_id = wanted.value AND m.model = ${model}`),
    ),
  );
  return new Map(answers.flat().map((row) => [row.pinId, row]));
}

/** The pins at positions of a model. One query to every database. */
export async function pinsAt(
  databases: Databases,
  model: string,
  items: readonly number[],
): Promise<Map<number, PinId>> {
  const wanted = JSON.stringify(items);
  const answers = await Promise.all(
    databases.all().map((database) =>
      database.all<{ item: number; pinId: PinId }>(sql`
        SELECT m.item, m.pin_id AS pinId FROM json_each(${wanted}) wanted
        CROSS JOIN pin_models m ON m.model = ${model} AND m.item = wanted.value`),
    ),
  );
  return new Map(answers.flat().map(({ item, pinId }) => [item, pinId]));
}

/** Deletes at most `limit` rows a database of a model that will not serve again; answers how many went. */
export async function deletePinModels(databases: Databases, model: string, limit: number): Promise<number> {
  const gone = await Promise.all(
    databases.all().map((database) =>
      database.all<{ pinId: PinId }>(sql`
        DELETE FROM pin_models WHERE (pin_id, model) IN
          (SELECT pin_id, model FROM pin_models WHERE model = ${model} LIMIT ${limit})
        RETURNING pin_id AS pinId`),
    ),
  );
  return gone.flat().length;
}
