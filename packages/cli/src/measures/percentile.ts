/**
 * The smallest of the numbers that at least `share` (0..1) of them do not exceed: the nearest rank, so it is always
 * one that was measured (https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method). NaN of none.
 */
export function percentile(numbers: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * numbers.length));
  return numbers.toSorted((a, b) => a - b)[rank - 1] ?? Number.NaN;
}

export function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5);
}
