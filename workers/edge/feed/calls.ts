/** What a feed cost: the calls it made and the tiers that answered, told in `Server-Timing`. */
export interface Calls {
  /** Queries to the indexes that the page waited for. */
  index: number;
  /** Queries to D1. */
  d1: number;
  /** Fragments by the tier that answered; `origin` built it, `late` did not come. */
  fragments: Map<string, number>;
  /** Fragments that are fetched or made behind the answer. */
  behind: number;
  /** Milliseconds until the user's state was known. */
  userMillis: number;
}

export function noCalls(): Calls {
  return { index: 0, d1: 0, fragments: new Map(), behind: 0, userMillis: 0 };
}

/** A `Server-Timing` value: total and user in milliseconds; index, d1 and fragments in words. */
export function serverTiming(calls: Calls, totalMillis: number): string {
  const misses = (calls.fragments.get("origin") ?? 0) + (calls.fragments.get("late") ?? 0);
  const hits = [...calls.fragments.values()].reduce((sum, count) => sum + count, 0) - misses;
  const tiers = [...calls.fragments].map(([tier, count]) => `${tier} ${count}`).join(" ");
  return [
    `total;dur=${totalMillis.toFixed(1)}`,
    `user;dur=${calls.userMillis.toFixed(1)}`,
    `index;desc="${calls.index} calls"`,
    `d1;desc="${calls.d1} calls"`,
    `fragments;desc="${hits} hit, ${misses} miss"`,
    `behind;desc="${calls.behind} fragments"`,
    ...(tiers ? [`tiers;desc="${tiers}"`] : []),
  ].join(", ");
}
