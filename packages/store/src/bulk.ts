/**
 * Loading many rows: one statement for each kind and about 6,000 rows, which takes them as one JSON value. All the
 * statements of a database are one transaction, in the order of kinds, so a save finds a board of the same load.
 *
 * A row that is not wanted is left out by its own statement. Why is asked afterwards, and only when fewer rows were taken
 * than came: the usual first load of a file does not pay for it.
 */
import {
  type BoardId,
  type BulkOp,
  type BulkOperation,
  bulkOps,
  newBoardId,
  type PinId,
  type UserId,
} from "@vitrine/contracts";
import type { SQL } from "drizzle-orm";
import { type BulkRefusal, insertFirstBoards, insertOf, refusalsOf, removeSaves } from "./bulk-statements.ts";
import type { Database, Databases } from "./database.ts";

export type { BulkRefusal } from "./bulk-statements.ts";

export interface BulkRow {
  /** Where it stands in the request, to tell refusals by. */
  line: number;
  operation: BulkOperation;
  createdAt: number;
}

export interface BulkOutcome {
  /** Rows that changed something; what is neither taken nor refused was there before. */
  taken: Record<BulkOp, number>;
  refused: { line: number; op: BulkOp; reason: BulkRefusal }[];
  /** New pins that wait for their picture. */
  provisional: PinId[];
}

interface Clock {
  now: number;
  /** In [0, 1): sets boards apart that first saves make. */
  random: () => number;
}

/** Applies the rows, users first and unsaves last. Each is checked as its own route checks it; a bad one fails alone. */
export async function loadBulk(databases: Databases, rows: readonly BulkRow[], clock: Clock): Promise<BulkOutcome> {
  const byDatabase = Map.groupBy(rows, ({ operation }) => databases.forId(homeOf(operation)));
  const outcomes = await Promise.all([...byDatabase].map(([database, theirs]) => loadInto(database, theirs, clock)));
  return {
    taken: Object.fromEntries(
      bulkOps.map((op) => [op, outcomes.reduce((sum, { taken }) => sum + taken[op], 0)]),
    ) as Record<BulkOp, number>,
    refused: outcomes.flatMap(({ refused }) => refused),
    provisional: outcomes.flatMap(({ provisional }) => provisional),
  };
}

/** What decides the shard: boards and saves live with their user, a pin with its board. */
function homeOf(operation: BulkOperation): UserId | BoardId | PinId {
  switch (operation.op) {
    case "user":
    case "board":
    case "pin":
      return operation.id;
    default:
      return operation.userId;
  }
}

/** Rows of one kind that go as one value: what stands at a place in the JSON stands at that place in `rows`. */
interface Slice {
  op: BulkOp;
  rows: BulkRow[];
  json: string;
}

async function loadInto(database: Database, rows: readonly BulkRow[], clock: Clock): Promise<BulkOutcome> {
  const byOp = Map.groupBy(rows, ({ operation }) => operation.op);
  const slices = bulkOps.flatMap((op) => slicesOf(op, byOp.get(op) ?? [], clock));
  const outcome: BulkOutcome = { taken: { ...nothing }, refused: [], provisional: [] };

  const inserts = slices.flatMap((slice) => insertsOf(slice, clock.now));
  const inserted = await runAll<{ waiting: PinId | null }>(database, inserts);
  const doubtful = inserts.flatMap(({ slice }, i) => {
    const taken = inserted[i] ?? [];
    if (!slice) return [];
    outcome.taken[slice.op] += taken.length;
    outcome.provisional.push(...taken.flatMap(({ waiting }) => waiting ?? []));
    return taken.length < slice.rows.length ? [slice] : [];
  });

  // Unsaves last, and behind the question, or a save that is taken back by the same load would seem refused.
  const questions = doubtful.flatMap((slice) => refusalsOf(slice.op, slice.json).map((query) => ({ slice, query })));
  const removals = slices.flatMap((slice) =>
    slice.op === "unsave" ? [{ slice, query: removeSaves(slice.json) }] : [],
  );
  const answers = await runAll<Answer>(database, [...questions, ...removals]);
  for (const [i, { slice }] of questions.entries()) outcome.refused.push(...refusedOf(slice, answers[i] ?? []));
  const removed = answers.slice(questions.length).flat();
  outcome.taken.unsave = new Set(removed.map(({ userId, pinId }) => `${userId} ${pinId}`)).size;
  return outcome;
}

const nothing: Record<BulkOp, number> = { user: 0, board: 0, pin: 0, save: 0, follow: 0, unsave: 0 };

/** Of a refusal, or of a save that was removed. */
interface Answer {
  place: number;
  reason: BulkRefusal;
  userId: string;
  pinId: string;
}

interface Query {
  /** Whose rows the answer counts; none for what only prepares. */
  slice?: Slice;
  query: SQL;
}

function insertsOf(slice: Slice, now: number): Query[] {
  const { op, json } = slice;
  if (op === "unsave") return [];
  const insert = { slice, query: insertOf[op](json, now) };
  return op === "save" ? [{ query: insertFirstBoards(json, now) }, insert] : [insert];
}

function refusedOf({ op, rows }: Slice, answers: readonly Answer[]): BulkOutcome["refused"] {
  return answers.flatMap(({ place, reason }) => {
    const row = rows[place];
    return row ? [{ line: row.line, op, reason }] : [];
  });
}

async function runAll<Row>(database: Database, queries: readonly Query[]): Promise<Row[][]> {
  const [first, ...others] = queries.map(({ query }) => database.all<Row>(query));
  return first ? database.batch([first, ...others]) : [];
}

/** D1 takes values of 2 MB, and a character is three bytes of UTF-8 at most. */
const maxCharactersPerValue = 600_000;

function slicesOf(op: BulkOp, rows: readonly BulkRow[], clock: Clock): Slice[] {
  const slices: Slice[] = [];
  let start = 0;
  let texts: string[] = [];
  let characters = 0;
  const close = (end: number) => {
    if (texts.length > 0) slices.push({ op, rows: rows.slice(start, end), json: `[${texts.join(",")}]` });
    start = end;
    texts = [];
    characters = 0;
  };
  for (const [i, row] of rows.entries()) {
    const text = JSON.stringify(valuesOf(row, clock));
    if (characters + text.length > maxCharactersPerValue) close(i);
    texts.push(text);
    characters += text.length + 1;
  }
  close(rows.length);
  return slices;
}

/** A row as the statements of its kind take it. */
function valuesOf({ operation: o, createdAt }: BulkRow, { now, random }: Clock): (string | number | null)[] {
  switch (o.op) {
    case "user":
      return [o.id, o.handle, o.name.toWellFormed(), createdAt];
    case "board":
      return [o.id, o.ownerId, o.name.toWellFormed(), o.visibility, createdAt];
    case "pin": {
      const words = [o.title.toWellFormed(), o.description.toWellFormed(), o.category?.toWellFormed() ?? null];
      return [o.id, o.userId, o.boardId, createdAt, ...words, o.link ?? null, o.imageUrl ?? null];
    }
    case "save": {
      const firstBoard = o.boardId ? [] : [newBoardId(o.userId, { now, random: random() })];
      return [o.userId, o.pinId, o.boardId ?? null, createdAt, ...firstBoard];
    }
    case "follow":
      return [o.userId, o.targetId, createdAt];
    case "unsave":
      return [o.userId, o.pinId];
  }
}
