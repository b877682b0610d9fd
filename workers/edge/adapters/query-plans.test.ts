/** What feeds ask for by ids is looked up by its ids: no query of theirs walks through a table, however small its list. */
import { env } from "cloudflare:workers";
import { newBoardId, newPinId, newUserId } from "@vitrine/contracts";
import { userHistoryLimits } from "@vitrine/ranking";
import {
  candidatesAt,
  candidatesByIds,
  candidatesOf,
  coSavesOf,
  type Databases,
  freshCandidates,
  lastPinsOn,
  pinModelsOf,
  pinsAt,
  rankFactsOf,
  saversSince,
  trendingPins,
  userHistories,
  userHistory,
  visiblePins,
} from "@vitrine/store";
import { expect, test } from "vitest";
import type { Bindings } from "./bindings.ts";
import { openDatabases } from "./database.ts";

const { DB_0 } = env as unknown as Bindings;
const user = newUserId("ada", { now: 1, random: 0.5 });
const board = newBoardId(user, { now: 1, random: 0.5 });
const pins = [1, 2].map((now) => newPinId(user, { now, random: 0.5 }));

const questions: Record<string, (databases: Databases) => Promise<unknown>> = {
  candidatesByIds: (databases) => candidatesByIds(databases, pins, "m1"),
  candidatesAt: (databases) => candidatesAt(databases, "m1", [1, 2]),
  "candidatesOf a board": (databases) => candidatesOf(databases, board, { limit: 5, model: "m1" }),
  "candidatesOf a user": (databases) => candidatesOf(databases, user, { limit: 5, model: "m1" }),
  freshCandidates: (databases) => freshCandidates(databases, 5, "m1"),
  trendingPins: (databases) => trendingPins(databases, "weur", { now: 1, limit: 5 }),
  coSavesOf: (databases) =>
    coSavesOf(databases, [{ pinId: pins[0] ?? newPinId(user, { now: 1, random: 0.5 }), boards: 3 }]),
  lastPinsOn: (databases) => lastPinsOn(databases, board, 5),
  pinModelsOf: (databases) => pinModelsOf(databases, "m1", pins),
  pinsAt: (databases) => pinsAt(databases, "m1", [1, 2]),
  rankFactsOf: (databases) => rankFactsOf(databases, pins, "m1"),
  saversSince: (databases) => saversSince(databases.forId(user), { since: 5, after: "usr_", limit: 9 }),
  userHistories: (databases) => userHistories(databases, [user], userHistoryLimits),
  userHistory: (databases) => userHistory(databases, user, userHistoryLimits),
  visiblePins: (databases) => visiblePins(databases, pins),
};

test.for(Object.entries(questions))("%s", async ([, ask]) => {
  const asked: [query: string, parameters: unknown[]][] = [];
  const prepare = (query: string) => {
    const statement = DB_0.prepare(query);
    const bind = (...parameters: unknown[]) => {
      asked.push([query, parameters]);
      return statement.bind(...parameters);
    };
    return Object.assign(Object.create(statement), { bind });
  };
  const recorded = { prepare, batch: DB_0.batch.bind(DB_0) } as unknown as D1Database;
  await ask(openDatabases(recorded));
  expect(asked.length).toBeGreaterThan(0);
  for (const [query, parameters] of asked) {
    const explained = DB_0.prepare(`EXPLAIN QUERY PLAN ${query}`).bind(...parameters);
    const steps = (await explained.all<{ detail: string }>()).results.map(({ detail }) => detail);
    // A table of users' or pins' that is walked through, whole or all of a model or status; but from its newest on, or from
    // its most saved on, as far as is wanted.
    const walks =
      /^SCAN (?:p|pins|s|saves|save_counts|counted|b|boards|m|o|placed|pin_models)\b|\((?:model|status)=\?\)$/;
    const walksInOrder =
      /^SCAN (?:p USING INDEX sqlite_autoindex_pins_1|save_counts USING COVERING INDEX save_counts_top)$/;
    expect(steps.filter((step) => walks.test(step) && !walksInOrder.test(step))).toEqual([]);
  }
});
