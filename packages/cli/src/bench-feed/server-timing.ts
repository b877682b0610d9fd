/** What the feed tells of itself in `Server-Timing` (workers/edge/feed/calls.ts). */
export interface FeedCost {
  indexCalls: number;
  databaseCalls: number;
  fragmentHits: number;
  fragmentMisses: number;
  /** Fetched or made behind the answer. */
  fragmentsBehind: number;
}

/** Null where the head lacks one of the figures. */
export function feedCostOf(head: string | null): FeedCost | null {
  const numbers = (pattern: RegExp) => (pattern.exec(head ?? "") ?? []).slice(1).map(Number);
  const [indexCalls] = numbers(/\bindex;desc="(\d+) call/);
  const [databaseCalls] = numbers(/\bd1;desc="(\d+) call/);
  const [fragmentHits, fragmentMisses] = numbers(/\bfragments;desc="(\d+) hit, (\d+) miss/);
  const [fragmentsBehind] = numbers(/\bbehind;desc="(\d+) fragment/);
  if (indexCalls === undefined || databaseCalls === undefined) return null;
  if (fragmentHits === undefined || fragmentMisses === undefined || fragmentsBehind === undefined) return null;
  return { indexCalls, databaseCalls, fragmentHits, fragmentMisses, fragmentsBehind };
}
