/**
 * Vectorize's metadata filter: parsed once, then matched against many vectors.
 *
 * The grammar: a non-empty object whose compact JSON is shorter than 2,048 bytes. Each key is a path (`a.b` looks inside
 * `{ a: { b } }`), each value a string, number, boolean or null (meaning `$eq`), or an object with one operator, or with
 * one lower (`$gt`, `$gte`) and one upper (`$lt`, `$lte`) bound. All keys must match; there is no OR and no nesting of
 * operators. `$in` and `$nin` take a list, bounds take a string or a number.
 *
 * Not documented, and decided here for the strict side: a field that is missing satisfies no operator, `$ne`, `$nin` and
 * `{ $eq: null }` included; values of different types are never equal and never ordered; an empty list is refused; a
 * list in the metadata matches nothing. Strings are ordered by their UTF-16 code units.
 */
import { Problem } from "@vitrine/contracts";
import { utf8Bytes, vectorLimits } from "./limits.ts";
import type { FilterOperator, FilterValue, VectorMetadata } from "./port.ts";

/** A condition on one field. */
export interface FilterCondition {
  /** As it was written, with its dots. */
  field: string;
  path: string[];
  operator: FilterOperator;
  /** One value, but for `$in` and `$nin`. */
  operands: FilterValue[];
}

/** A filter that was found valid: all its conditions must hold. */
export interface ParsedFilter {
  conditions: FilterCondition[];
}

/** Refuses what Vectorize would refuse, with a Problem `invalid-request` that says which part is wrong and why. */
export function parseFilter(filter: unknown): ParsedFilter {
  if (!isPlainObject(filter)) throw refusal("must be an object");
  const entries = Object.entries(filter);
  if (entries.length === 0) throw refusal("must not be empty; leave it out to filter nothing");
  const conditions = entries.flatMap(([field, value]) => parseField(field, value));
  const bytes = utf8Bytes(JSON.stringify(filter));
  if (bytes > vectorLimits.maxFilterBytes) {
    throw refusal(`must be less than ${vectorLimits.maxFilterBytes + 1} bytes as compact JSON, got ${bytes}`);
  }
  return { conditions };
}

/** Whether metadata meets every condition. O(conditions · depth), plus the list's length for `$in` and `$nin`. */
export function matchesFilter(filter: ParsedFilter, metadata: VectorMetadata | undefined): boolean {
  return filter.conditions.every((condition) => holds(condition, valueAt(metadata, condition.path)));
}

function parseField(field: string, value: unknown): FilterCondition[] {
  const path = parsePath(field);
  if (isFilterValue(value)) return [{ field, path, operator: "$eq", operands: [value] }];
  if (!isPlainObject(value)) {
    throw refusal(`"${field}" must be a string, a finite number, a boolean, null or an object of operators`);
  }
  const conditions = Object.entries(value).map(([name, operand]) => {
    if (!isOperator(name)) throw refusal(`"${field}" has the unknown operator "${name}"`);
    return { field, path, operator: name, operands: parseOperands(field, name, operand) };
  });
  if (conditions.length === 0) throw refusal(`"${field}" has no operator`);
  if (conditions.length > 1) requireOneLowerAndOneUpperBound(field, conditions);
  return conditions;
}

function parsePath(field: string): string[] {
  if (field.length > vectorLimits.maxFilterKeyCharacters) {
    throw refusal(`has a key of ${field.length} characters; at most ${vectorLimits.maxFilterKeyCharacters} are taken`);
  }
  const path = field.split(".");
  if (path.some((segment) => segment === "")) throw refusal(`has an empty key or part of a key: "${field}"`);
  if (path.some((segment) => segment.startsWith("$"))) throw refusal(`has a key that begins with $: "${field}"`);
  if (field.includes('"')) throw refusal(`has a key with a quotation mark: ${field}`);
  return path;
}

function parseOperands(field: string, operator: FilterOperator, operand: unknown): FilterValue[] {
  switch (operator) {
    case "$eq":
    case "$ne":
      if (!isFilterValue(operand)) {
        throw refusal(`"${field}" needs a string, a finite number, a boolean or null for ${operator}`);
      }
      return [operand];
    case "$in":
    case "$nin":
      if (!Array.isArray(operand) || operand.length === 0 || !operand.every(isFilterValue)) {
        throw refusal(
          `"${field}" needs a non-empty list of strings, finite numbers, booleans or nulls for ${operator}`,
        );
      }
      return operand;
    default:
      if (!isBound(operand)) throw refusal(`"${field}" needs a string or a finite number for ${operator}`);
      return [operand];
  }
}

function requireOneLowerAndOneUpperBound(field: string, conditions: FilterCondition[]): void {
  const lower = conditions.filter(({ operator }) => operator === "$gt" || operator === "$gte").length;
  const upper = conditions.filter(({ operator }) => operator === "$lt" || operator === "$lte").length;
  if (conditions.length !== 2 || lower !== 1 || upper !== 1) {
    throw refusal(`"${field}" may combine only one lower bound ($gt, $gte) with one upper bound ($lt, $lte)`);
  }
}

function holds({ operator, operands }: FilterCondition, value: unknown): boolean {
  if (!isFilterValue(value)) return false;
  const [operand] = operands;
  switch (operator) {
    case "$eq":
    case "$in":
      return operands.includes(value);
    case "$ne":
    case "$nin":
      return !operands.includes(value);
    case "$lt":
      return difference(value, operand) < 0;
    case "$lte":
      return difference(value, operand) <= 0;
    case "$gt":
      return difference(value, operand) > 0;
    case "$gte":
      return difference(value, operand) >= 0;
  }
}

function valueAt(metadata: unknown, path: readonly string[]): unknown {
  let value = metadata;
  for (const segment of path) {
    if (!isPlainObject(value)) return undefined;
    value = value[segment];
  }
  return value;
}

/** Negative when the value comes before the bound; NaN, which no comparison holds for, when their types differ. */
function difference(value: FilterValue, bound: FilterValue | undefined): number {
  if (typeof value === "number" && typeof bound === "number") return value - bound;
  if (typeof value === "string" && typeof bound === "string") return value < bound ? -1 : value > bound ? 1 : 0;
  return Number.NaN;
}

function isOperator(name: string): name is FilterOperator {
  return Object.hasOwn(operators, name);
}

const operators = {
  $eq: true,
  $ne: true,
  $in: true,
  $nin: true,
  $lt: true,
  $lte: true,
  $gt: true,
  $gte: true,
} satisfies Record<FilterOperator, true>;

function isFilterValue(value: unknown): value is FilterValue {
  return value === null || typeof value === "boolean" || isBound(value);
}

/** JSON has no NaN and no infinity: they would arrive as null. */
function isBound(value: unknown): value is string | number {
  return typeof value === "string" || Number.isFinite(value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refusal(reason: string): Problem {
  return new Problem("invalid-request", `The filter ${reason}.`);
}
