import type { ErrorCode } from "@vitrine/contracts";

/** The API's own codes, and three that only a client can see. */
export type ClientErrorCode = ErrorCode | "network" | "timeout" | "unreadable-answer";

export interface VitrineErrorOptions {
  status: number;
  code: ClientErrorCode;
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
}

/**
 * Every failure of a call: `message` is one sentence that can be shown to a person.
 *
 * `status` is the HTTP status, 0 when there was no answer. `retryAfterSeconds` is set when the server
 * named a time. A call that its caller aborted throws the reason of that signal instead.
 */
export class VitrineError extends Error {
  override readonly name = "VitrineError";
  readonly status: number;
  readonly code: ClientErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options: VitrineErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = options.status;
    this.code = options.code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/**
 * Reads a problem+json answer (RFC 9457). Never throws: an answer of another kind, such as a proxy's page,
 * becomes an error with its status and the nearest code.
 */
export async function errorOfAnswer(response: Response): Promise<VitrineError> {
  const details = await response.json().catch(() => null);
  const { code, detail } = (details ?? {}) as { code?: ErrorCode; detail?: string };
  return new VitrineError(detail ?? `The server answered ${response.status}; try again later.`, {
    status: response.status,
    code: code ?? codeOfStatus(response.status),
    retryAfterSeconds: retryAfterSecondsOf(response.headers.get("retry-after")),
  });
}

/** Seconds of a Retry-After header; a date counts from now, and the past counts as zero. */
export function retryAfterSecondsOf(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

function codeOfStatus(status: number): ClientErrorCode {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  if (status === 413) return "payload-too-large";
  if (status === 429) return "too-many-requests";
  if (status >= 502 && status <= 504) return "unavailable";
  return status >= 500 ? "internal" : "invalid-request";
}
