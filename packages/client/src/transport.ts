/**
 * One HTTP call: deadline, retries, errors. Everything else in this package is a path and a type.
 *
 * A call is repeated only when repeating it cannot do a thing twice: GET, PUT, PATCH and DELETE always are such,
 * a POST when its caller says so (it carries an idempotency key, event ids, or names a row that exists once).
 */
import { errorOfAnswer, VitrineError } from "./error.ts";
import { pause } from "./pause.ts";
import { isRetryableStatus, retryDelayMillis } from "./retry.ts";

export type Token = string | null | undefined;

export interface TransportOptions {
  /** Origin of the deployment, such as `https://pins.example.com`; a path after it is kept. */
  baseUrl: string;
  /** A bearer token, or a function that is asked before each call (to renew it, or to change the user). */
  token?: Token | (() => Token | Promise<Token>);
  fetch?: typeof fetch;
  /** For a whole call with its retries. Default: 15 seconds, 120 for uploads. */
  timeoutMillis?: number;
  /** In [0, 1); spreads retries. */
  random?: () => number;
}

/** What every method takes as its last argument. */
export interface CallOptions {
  /** Aborting it throws the signal's reason. */
  signal?: AbortSignal | undefined;
  timeoutMillis?: number | undefined;
  /** With a service token: the id of the user on whose behalf the call is made. */
  user?: string | undefined;
  /** Lets the browser finish the call after the page is gone; the body may have 64 KiB. */
  keepalive?: boolean | undefined;
}

export interface ApiCall extends CallOptions {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string | number | null | undefined>;
  json?: unknown;
  form?: FormData;
  /** Sent as it is; its content type is among the headers. */
  bytes?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  /** A POST that may be repeated. */
  isRepeatable?: boolean;
}

/** Sends a call and answers its JSON; the type is the caller's word, nothing is parsed against a schema. */
export type Transport = <Answer>(call: ApiCall) => Promise<Answer>;

const defaultTimeoutMillis = 15_000;
const uploadTimeoutMillis = 120_000;

export function createTransport(options: TransportOptions): Transport {
  const random = options.random ?? Math.random;

  return async <Answer>(call: ApiCall): Promise<Answer> => {
    const timeoutMillis =
      call.timeoutMillis ?? options.timeoutMillis ?? (call.form ? uploadTimeoutMillis : defaultTimeoutMillis);
    const deadline = AbortSignal.timeout(timeoutMillis);
    const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
    const isRepeatable = call.isRepeatable ?? call.method !== "POST";

    try {
      for (let tries = 1; ; tries++) {
        const outcome = await attempt<Answer>(options, call, signal);
        if ("answer" in outcome) return outcome.answer;
        const delay = outcome.isRetryable ? retryDelayMillis(tries, outcome.error.retryAfterSeconds, random()) : null;
        if (!isRepeatable || delay === null) throw outcome.error;
        await pause(delay, signal);
      }
    } catch (error) {
      call.signal?.throwIfAborted();
      if (deadline.aborted) throw timeoutError(timeoutMillis, error);
      throw error;
    }
  };
}

type Outcome<Answer> = { answer: Answer } | { error: VitrineError; isRetryable: boolean };

/** One try. Throws only when the signal was aborted or the token could not be had. */
async function attempt<Answer>(
  options: TransportOptions,
  call: ApiCall,
  signal: AbortSignal,
): Promise<Outcome<Answer>> {
  const request = await requestOf(options, call);
  let response: Response;
  try {
    response = await (options.fetch ?? fetch)(request.url, { ...request.init, signal });
  } catch (cause) {
    signal.throwIfAborted();
    const error = new VitrineError("The server could not be reached; check the connection and try again.", {
      status: 0,
      code: "network",
      cause,
    });
    return { error, isRetryable: true };
  }
  if (!response.ok) {
    const error = await errorOfAnswer(response);
    signal.throwIfAborted();
    return { error, isRetryable: isRetryableStatus(response.status) };
  }
  return readAnswer<Answer>(response, signal);
}

async function readAnswer<Answer>(response: Response, signal: AbortSignal): Promise<Outcome<Answer>> {
  if (response.status === 204) return { answer: undefined as Answer };
  try {
    return { answer: (await response.json()) as Answer };
  } catch (cause) {
    signal.throwIfAborted();
    const error = new VitrineError("The server's answer could not be read; check that baseUrl is a Vitrine API.", {
      status: response.status,
      code: "unreadable-answer",
      cause,
    });
    return { error, isRetryable: false };
  }
}

async function requestOf(options: TransportOptions, call: ApiCall): Promise<{ url: string; init: RequestInit }> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...call.query, user: call.user })) {
    if (value !== null && value !== undefined) query.set(name, String(value));
  }
  const search = query.size > 0 ? `?${query}` : "";
  const headers = new Headers({ accept: "application/json", ...call.headers });
  const token = typeof options.token === "function" ? await options.token() : options.token;
  if (token) headers.set("authorization", `Bearer ${token}`);
  if (call.json !== undefined) headers.set("content-type", "application/json");
  const body = call.json === undefined ? (call.form ?? call.bytes) : JSON.stringify(call.json);
  return {
    url: `${options.baseUrl.replace(/\/+$/, "")}${call.path}${search}`,
    init: {
      method: call.method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(call.keepalive ? { keepalive: true } : {}),
    },
  };
}

function timeoutError(timeoutMillis: number, cause: unknown): VitrineError {
  const message = `The server did not answer within ${timeoutMillis / 1000} seconds; try again.`;
  return new VitrineError(message, { status: 0, code: "timeout", cause });
}
