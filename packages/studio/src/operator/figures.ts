/** Numbers as operators read them, in the way of the API's sentences: `12.3 %`. */

const whole = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

export function count(value: number): string {
  return whole.format(value);
}

/** A mean of saves or a share: three figures are what the smallest experiments know. */
export function mean(value: number): string {
  return compact.format(value);
}

/** A share of users: up to two decimals, and none that say nothing. */
export function share(value: number): string {
  return `${Number((value * 100).toFixed(2))} %`;
}

/** A change relative to the control, with its sign, one decimal: `+4.2 %`, `−0.3 %`. */
export function change(value: number): string {
  const percent = (Math.abs(value) * 100).toFixed(1);
  if (Number(percent) === 0) return "0.0 %";
  return `${value < 0 ? "−" : "+"}${percent} %`;
}

export function range({ low, high }: { low: number; high: number }): string {
  return `${change(low)} to ${change(high)}`;
}

/** Below a ten-thousandth only the size matters. */
export function pValue(value: number): string {
  return value < 0.0001 ? "< 0.0001" : Number(value.toPrecision(2)).toString();
}

/** In the time of whoever looks. */
export function date(iso: string): string {
  return moment.format(new Date(iso));
}
