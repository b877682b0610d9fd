/**
 * Requests to an index: checked in full and turned into plain plans before anything is done, so that one bad vector
 * refuses its whole batch and the store has nothing left to decide.
 *
 * Codes are those that Vectorize was seen to use. A fault that the request shows by itself and whose code is not known
 * carries 40026, "malformed". Strict where nothing is documented: unknown fields, empty batches and empty lists of ids
 * are refused, and so is a filter by a property that has no metadata index.
 */
import {
  vectorErrorCodes as codes,
  vectorLimits as limits,
  type ParsedFilter,
  parseFilter,
  utf8Bytes,
  type VectorErrorCode,
  type VectorMetadata,
  type VectorOperation,
  vectorError,
} from "@vitrine/vectors";
import type { IndexDefinition } from "./definitions.ts";
import { indexedMetadata, metadataBytes, metadataFault } from "./metadata.ts";

/** A vector as it is kept. */
export interface StoredVector {
  id: string;
  namespace: string | null;
  values: Float32Array;
  /** JSON; null where there is none. */
  metadata: string | null;
  /** JSON of what filters see, fixed when the vector was written: a metadata index made later does not cover it. */
  indexed: string;
}

export interface QueryPlan {
  topK: number;
  namespace: string | undefined;
  filter: ParsedFilter | undefined;
  returnValues: boolean;
  returnMetadata: "all" | "indexed" | "none";
}

/** The vectors of an insert or upsert; of several with one id the last stays. */
export function parseVectors(
  operation: "VECTOR_INSERT" | "VECTOR_UPSERT",
  vectors: unknown,
  definition: IndexDefinition,
): StoredVector[] {
  const malformed = refuse(operation);
  if (!Array.isArray(vectors) || vectors.length === 0) throw malformed("vectors must be a non-empty list");
  if (vectors.length > limits.maxVectorsPerMutation) {
    throw malformed(`too many vectors in payload; max is ${limits.maxVectorsPerMutation}, got ${vectors.length}`);
  }
  const byId = new Map<string, StoredVector>();
  for (const vector of vectors) {
    const stored = parseVector(operation, vector, definition);
    byId.set(stored.id, stored);
  }
  return [...byId.values()];
}

export function parseIds(operation: "VECTOR_GET" | "VECTOR_DELETE", ids: unknown): string[] {
  if (!Array.isArray(ids) || ids.length === 0) throw refuse(operation)("ids must be a non-empty list");
  const max = operation === "VECTOR_GET" ? limits.maxIdsPerGet : limits.maxIdsPerDelete;
  if (ids.length > max) {
    throw vectorError(
      operation,
      `too many ids in payload; max id count is ${max}, got ${ids.length}`,
      codes.tooManyIds,
    );
  }
  return [...new Set(ids.map((id) => parseId(operation, id)))];
}

export function parseId(operation: VectorOperation, id: unknown): string {
  if (typeof id !== "string" || id === "") throw refuse(operation)("an id must be a non-empty string");
  const bytes = utf8Bytes(id);
  if (bytes <= limits.maxIdBytes) return id;
  throw vectorError(operation, `id too long; max is ${limits.maxIdBytes} bytes, got ${bytes} bytes`, codes.idTooLong);
}

export function parseQueryVector(vector: unknown, { dimensions }: IndexDefinition): Float32Array {
  const values = parseValues("VECTOR_QUERY", vector);
  if (values.length === dimensions) return values;
  const message = `invalid query vector, expected ${dimensions} dimensions, and got ${values.length} dimensions`;
  throw vectorError("VECTOR_QUERY", message, codes.invalidQueryVector);
}

export function parseQueryOptions(options: unknown, definition: IndexDefinition): QueryPlan {
  const malformed = refuse("VECTOR_QUERY");
  const fields = definedFields(options ?? {}, malformed);
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(queryFields, name)) throw malformed(`unknown field "${name}"`);
  }
  const { topK = limits.defaultTopK, namespace, returnValues = false, filter } = fields;
  const returnMetadata = parseReturnMetadata(fields);
  if (typeof returnValues !== "boolean") throw malformed("returnValues must be a boolean");
  if (!Number.isInteger(topK) || Number(topK) < 1) throw malformed(`topK must be a whole number of at least 1`);
  requireTopKInRange(Number(topK), returnValues || returnMetadata === "all");
  return {
    topK: Number(topK),
    namespace: namespace === undefined ? undefined : parseNamespace("VECTOR_QUERY", namespace),
    filter: filter === undefined ? undefined : parseIndexedFilter(filter, definition),
    returnValues,
    returnMetadata,
  };
}

const queryFields = { topK: true, namespace: true, returnValues: true, returnMetadata: true, filter: true };
const vectorFields = { id: true, values: true, namespace: true, metadata: true };

/** The binding turns `true` into "all" and leaves `false` as it is, which the server then refuses. */
function parseReturnMetadata({ returnMetadata = "none" }: Record<string, unknown>): QueryPlan["returnMetadata"] {
  if (returnMetadata === true) return "all";
  if (returnMetadata === "all" || returnMetadata === "indexed" || returnMetadata === "none") return returnMetadata;
  if (!returnMetadata) throw refuse("VECTOR_QUERY")(`returnMetadata must be "none", "indexed" or "all"`);
  throw new Error(
    `Invalid returnMetadata option. Expected: true, false, "none", "indexed" or "all"; got: ${returnMetadata}`,
  );
}

function requireTopKInRange(topK: number, hasDetails: boolean): void {
  const { maxTopK, maxTopKWithDetails } = limits;
  if (hasDetails && topK > maxTopKWithDetails) {
    const reason = `with returnValues=true or returnMetadata=all, max top K is ${maxTopKWithDetails}, but got ${topK}`;
    const advice = `for a top K up to ${maxTopK}, retry with returnValues=false and returnMetadata=indexed`;
    throw vectorError("VECTOR_QUERY", `${reason}; ${advice}`, codes.topKTooLarge);
  }
  if (topK > maxTopK) throw vectorError("VECTOR_QUERY", `max top K is ${maxTopK}, but got ${topK}`, codes.topKTooLarge);
}

function parseIndexedFilter(filter: unknown, definition: IndexDefinition): ParsedFilter {
  const malformed = refuse("VECTOR_QUERY");
  let parsed: ParsedFilter;
  try {
    parsed = parseFilter(filter);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : String(error));
  }
  for (const { field } of parsed.conditions) {
    if (!Object.hasOwn(definition.metadataIndexes, field)) {
      throw malformed(`filter property "${field}" has no metadata index`);
    }
  }
  return parsed;
}

function parseVector(
  operation: "VECTOR_INSERT" | "VECTOR_UPSERT",
  vector: unknown,
  definition: IndexDefinition,
): StoredVector {
  const malformed = refuse(operation);
  const fields = definedFields(vector, malformed);
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(vectorFields, name)) throw malformed(`unknown field "${name}"`);
  }
  const id = parseId(operation, fields.id);
  const values = parseValues(operation, fields.values);
  const { dimensions } = definition;
  if (values.length !== dimensions) {
    const message = `expected ${dimensions} dimensions, and got ${values.length} dimensions`;
    throw vectorError(operation, `invalid vector for id="${id}", ${message}`, codes.invalidVector);
  }
  const metadata = fields.metadata === undefined ? undefined : parseMetadata(operation, fields.metadata);
  return {
    id,
    namespace: fields.namespace === undefined ? null : parseNamespace(operation, fields.namespace),
    values,
    metadata: metadata === undefined ? null : JSON.stringify(metadata),
    indexed: JSON.stringify(indexedMetadata(metadata ?? {}, definition)),
  };
}

function parseMetadata(operation: VectorOperation, metadata: unknown): VectorMetadata {
  const fault = metadataFault(metadata);
  if (fault !== undefined) throw refuse(operation)(fault);
  const checked = metadata as VectorMetadata;
  const bytes = metadataBytes(checked);
  if (bytes <= limits.maxMetadataBytes) return checked;
  const message = `metadata too large; max is ${limits.maxMetadataBytes} bytes, got ${bytes} bytes`;
  throw vectorError(operation, message, codes.metadataTooLarge);
}

function parseNamespace(operation: VectorOperation, namespace: unknown): string {
  const malformed = refuse(operation);
  if (typeof namespace !== "string" || namespace === "") throw malformed("a namespace must be a non-empty string");
  const bytes = utf8Bytes(namespace);
  if (bytes <= limits.maxNamespaceBytes) return namespace;
  throw malformed(`namespace too long; max is ${limits.maxNamespaceBytes} bytes, got ${bytes} bytes`);
}

/** As float32, which is how they are kept; numbers that JSON or float32 cannot hold are refused. */
function parseValues(operation: VectorOperation, values: unknown): Float32Array {
  const malformed = refuse(operation);
  const isList = Array.isArray(values) || values instanceof Float32Array || values instanceof Float64Array;
  if (!isList) throw malformed("values must be a list of numbers, a Float32Array or a Float64Array");
  const rounded = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    rounded[i] = typeof value === "number" ? value : Number.NaN;
    if (!Number.isFinite(rounded[i])) throw malformed(`value ${i} is not a finite float32 number`);
  }
  return rounded;
}

/** An object's fields as JSON would carry them: those that are undefined are not there. */
function definedFields(object: unknown, malformed: Refuse): Record<string, unknown> {
  if (typeof object !== "object" || object === null || Array.isArray(object)) throw malformed("expected an object");
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

type Refuse = (message: string) => Error;

function refuse(operation: VectorOperation, code: VectorErrorCode = codes.malformed): Refuse {
  return (message) => vectorError(operation, message, code);
}
