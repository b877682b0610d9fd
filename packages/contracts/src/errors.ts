/** The closed list of error codes and the HTTP status of each. One handler per Worker turns them into problem+json. */
export const errorStatus = {
  "invalid-request": 400,
  unauthorized: 401,
  forbidden: 403,
  "not-found": 404,
  "method-not-allowed": 405,
  conflict: 409,
  gone: 410,
  "payload-too-large": 413,
  "too-many-pixels": 413,
  "unsupported-media-type": 415,
  "unprocessable-image": 422,
  "url-not-allowed": 422,
  "too-many-requests": 429,
  internal: 500,
  "not-configured": 501,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/**
 * An error that a client may see: `message` is one public sentence that says what to do.
 * Internals belong into `cause`, which is logged and never sent.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return errorStatus[this.code];
  }
}

/** The body of an `application/problem+json` answer (RFC 9457). */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
}

export function problemDetails(problem: Problem): ProblemDetails {
  return {
    type: `urn:vitrine:problem:${problem.code}`,
    title: problem.code.replaceAll("-", " "),
    status: problem.status,
    code: problem.code,
    detail: problem.message,
  };
}

/**
 * Reads a Problem back from an error that crossed a service binding, where classes are lost and
 * own properties such as `code` survive. Answers undefined for any other error.
 */
export function asProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return undefined;
  const { code, retryAfterSeconds } = error as { code?: unknown; retryAfterSeconds?: unknown };
  if (typeof code !== "string" || !(code in errorStatus)) return undefined;
  return new Problem(code as ErrorCode, error.message.replace(/^Problem: /, ""), {
    cause: error,
    ...(typeof retryAfterSeconds === "number" ? { retryAfterSeconds } : {}),
  });
}
