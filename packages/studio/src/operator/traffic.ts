/** A share of all users, of the percent that an operator wrote: as exact as the API takes it, four decimals. */
export function trafficOfPercent(percent: string): number {
  return Math.round(Number(percent) * 100) / 10_000;
}
