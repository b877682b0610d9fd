/** What an option of an image URL is: a value with its rule, its place in the work and its words for the reference. */

export type Parsed<Value> = { value: Value } | Refusal;

/** Ends the sentence that begins with "The option … ". */
export interface Refusal {
  refusal: string;
}

/** The order of the work, and of the reference. The order in a URL never changes the result. */
export const stages = [
  "source",
  "trim",
  "flip",
  "rotate",
  "resize",
  "background",
  "effects",
  "border",
  "draw",
  "encode",
  "answer",
] as const;
export type Stage = (typeof stages)[number];

export interface Option<Value> {
  aliases: readonly string[];
  stage: Stage;
  /** `text` is percent-decoded. */
  parse(text: string): Parsed<Value>;
  /** One line of the reference; `example` is what stands behind `=`. */
  describe: { values: string; default: string; meaning: string; example: string };
}

/** Beyond this nobody sees a difference, and equal pictures shall have equal keys. */
const decimals = 4;

/** Plain decimal notation: no exponents, no hexadecimal, no spaces. */
const numberPattern = /^\d{1,9}(\.\d{1,9})?$|^\.\d{1,9}$/;

export function parseNumber(text: string, of: { from: number; to: number; isWhole?: boolean }): number | undefined {
  if (!numberPattern.test(text)) return undefined;
  const value = Number(Number(text).toFixed(decimals));
  if (value < of.from || value > of.to || (of.isWhole && !Number.isInteger(value))) return undefined;
  return value;
}

/** A number within a range, both ends included. */
export function numberIn(of: { from: number; to: number; isWhole?: boolean; unit?: string }) {
  const { from, to, isWhole = false, unit } = of;
  const refusal = `takes a ${isWhole ? "whole " : ""}number${unit ? ` of ${unit}` : ""} from ${from} to ${to}`;
  return (text: string): Parsed<number> => {
    const value = parseNumber(text, { from, to, isWhole });
    return value === undefined ? { refusal } : { value };
  };
}

/** One of the given words, which may stand for another value. */
export function oneOf<const Values extends Record<string, unknown>>(values: Values) {
  const names = Object.keys(values);
  const refusal = `takes ${names.length > 1 ? `${names.slice(0, -1).join(", ")} or ` : ""}${names.at(-1)}`;
  return (text: string): Parsed<Values[keyof Values]> =>
    Object.hasOwn(values, text) ? { value: values[text as keyof Values] } : { refusal };
}

export function isRefusal(parsed: Parsed<unknown>): parsed is Refusal {
  return "refusal" in parsed;
}
