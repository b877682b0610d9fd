/** From lines to rows: what can be told of a line by itself. */
import {
  assertPublicUrl,
  BulkOperation,
  type BulkReport,
  bulkOps,
  Problem,
  shardOf,
  shardOfHandle,
  UserId,
} from "@vitrine/contracts";
import type { BulkRow } from "@vitrine/store";
import { invalidRequest } from "../router.ts";

export interface BulkRows {
  rows: BulkRow[];
  problems: BulkReport["problems"];
}

/** Reads every line; one that is bad becomes a problem and hinders no other. Blank lines are none. */
export function rowsOf(
  lines: readonly string[],
  { now, allowedHosts }: { now: number; allowedHosts: readonly string[] },
): BulkRows {
  const rows: BulkRow[] = [];
  const problems: BulkReport["problems"] = [];
  for (const [i, text] of lines.entries()) {
    if (text.trim() === "") continue;
    try {
      const operation = operationOf(text);
      assertIds(operation);
      if (operation.op === "pin" && operation.imageUrl) assertPublicUrl(operation.imageUrl, allowedHosts);
      rows.push({ line: i + 1, operation, createdAt: createdAtOf(operation, now) });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.push({ line: i + 1, detail: error.message });
    }
  }
  return { rows, problems };
}

function operationOf(text: string): BulkOperation {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Problem("invalid-request", "Write a JSON object on the line.", { cause });
  }
  const parsed = BulkOperation.safeParse(json);
  if (parsed.success) return parsed.data;
  const isOpKnown = parsed.error.issues.every(({ path }) => path[0] !== "op");
  if (isOpKnown) throw invalidRequest(parsed.error, "the line");
  throw refused(`Check the line: op is one of ${bulkOps.join(", ")}`); // the union's own word names none of them
}

/** The rules of `newUserId`, `newBoardId` and `newPinId`: a row whose id breaks them could not be found again. */
function assertIds(operation: BulkOperation): void {
  if (operation.op === "user") {
    if (UserId.safeParse(operation.handle).success)
      throw refused("Choose another handle: this one looks like a user id");
    if (shardOf(operation.id) !== shardOfHandle(operation.handle))
      throw refused("Make the id of the handle (newUserId)");
  }
  if (operation.op === "board" && shardOf(operation.id) !== shardOf(operation.ownerId)) {
    throw refused("Make the id of the owner's (newBoardId)");
  }
  if (operation.op === "pin" && shardOf(operation.id) !== shardOf(operation.boardId)) {
    throw refused("Make the id of that of the board's owner (newPinId)");
  }
  if (operation.op === "follow" && operation.userId === operation.targetId) throw refused("Nobody follows themselves");
}

function refused(sentence: string): Problem {
  return new Problem("invalid-request", `${sentence}.`);
}

/** What is said to lie ahead was done now: trends and feeds take no time to come. */
function createdAtOf(operation: BulkOperation, now: number): number {
  const createdAt = operation.op === "unsave" ? undefined : operation.createdAt;
  return createdAt === undefined ? now : Math.max(0, Math.min(Date.parse(createdAt), now));
}
