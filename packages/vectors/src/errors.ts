/** The part of a message before its colon: `queryById` has the one of `query`. */
export type VectorOperation =
  | "INDEX_GET"
  | "VECTOR_QUERY"
  | "VECTOR_INSERT"
  | "VECTOR_UPSERT"
  | "VECTOR_GET"
  | "VECTOR_DELETE";

/** The codes that Vectorize was seen to answer with; the list is not published. */
export const vectorErrorCodes = {
  invalidQueryVector: 40006,
  tooManyIds: 40007,
  idTooLong: 40008,
  invalidVector: 40012,
  metadataTooLarge: 40016,
  topKTooLarge: 40025,
  malformed: 40026,
  tooManyRequests: 40041,
} as const;

export type VectorErrorCode = (typeof vectorErrorCodes)[keyof typeof vectorErrorCodes];

/**
 * An error as the Vectorize binding throws it: `VECTOR_QUERY_ERROR (code = 40006): message`, with the bare message as
 * its cause. The code is left out where the server gives none.
 */
export function vectorError(operation: VectorOperation, message: string, code?: VectorErrorCode): Error {
  const label = code === undefined ? `${operation}_ERROR` : `${operation}_ERROR (code = ${code})`;
  return new Error(`${label}: ${message}`, { cause: new Error(message) });
}

/** The code inside an error of the binding; undefined for any other error, and where the server gave none. */
export function vectorErrorCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = /^(?:INDEX|VECTOR)_[A-Z]+_ERROR \(code = (\d+)\): /.exec(error.message)?.[1];
  return code === undefined ? undefined : Number(code);
}
