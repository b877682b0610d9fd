export type { BulkOptions } from "./bulk.ts";
export { type Client, createClient } from "./client.ts";
export { type ClientErrorCode, VitrineError } from "./error.ts";
export type { EventOptions } from "./events.ts";
export type { FeedOptions } from "./feed.ts";
export type { ListOptions } from "./paging.ts";
export type { CreateOptions, PinWords, SettledOptions } from "./pins.ts";
export { maxRetryAfterSeconds, maxTries } from "./retry.ts";
export type { CallOptions, Token, TransportOptions } from "./transport.ts";
