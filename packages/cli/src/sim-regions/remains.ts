/** What the databases of a local stack hold, read from their files beside the running Workers. */
import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { actionWeight } from "@vitrine/contracts";
import type { Remains } from "./report.ts";

/** Of a stack whose state is in `stateDir`: only the saves of the simulation may be in it. */
export function remainsIn(stateDir: string): Remains {
  const folder = join(stateDir, "state", "v3");
  const stores = filesWith("outbox", join(folder, "do", "*RegionStore", "*.sqlite"));
  const [database] = filesWith("trending_hours", join(folder, "d1", "*", "*.sqlite"));
  if (!database) throw new Error(`there is no D1 database under ${folder}`);
  return {
    inOutboxes: stores.reduce((sum, path) => sum + numberOf(path, "SELECT count(*) AS n FROM outbox"), 0),
    counted: numberOf(database, "SELECT count(*) AS n FROM actions WHERE type = 'save'"),
    inTrending: numberOf(database, weightOfSaves) / actionWeight.save,
    inStores: stores.map((path) => numberOf(path, "SELECT count(*) AS n FROM actions WHERE type = 'save'")),
  };
}

/** The pins that were made for the simulation weigh too. */
const weightOfSaves = `SELECT (SELECT coalesce(sum(weight), 0) FROM trending_hours)
  - ${actionWeight.create} * (SELECT count(*) FROM actions WHERE type = 'create') AS n`;

function filesWith(table: string, pattern: string): string[] {
  const isThere = `SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name = '${table}'`;
  return globSync(pattern).filter((path) => numberOf(path, isThere) > 0);
}

/** The workerd beside us writes now and then: a busy file is waited for. */
const busyMillis = 5_000;

function numberOf(path: string, query: string): number {
  const database = new DatabaseSync(path, { readOnly: true, timeout: busyMillis });
  try {
    return Number(database.prepare(query).get()?.n);
  } finally {
    database.close();
  }
}
