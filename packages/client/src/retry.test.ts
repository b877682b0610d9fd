import { expect, test } from "vitest";
import { retryAfterSecondsOf } from "./error.ts";
import { maxRetryAfterSeconds, maxTries, retryDelayMillis } from "./retry.ts";

test("pauses grow under a ceiling and are spread over all of it", () => {
  expect(retryDelayMillis(1, undefined, 0)).toBe(0);
  expect(retryDelayMillis(1, undefined, 0.5)).toBe(100);
  expect(retryDelayMillis(2, undefined, 0.5)).toBe(200);
});

test("a time that the server names is never undercut, and spread by a tenth", () => {
  expect(retryDelayMillis(1, 2, 0)).toBe(2000);
  expect(retryDelayMillis(1, 2, 0.5)).toBe(2100);
});

test("there is no further try after the last, nor for a server that wants a long pause", () => {
  expect(retryDelayMillis(maxTries, undefined, 0.5)).toBeNull();
  expect(retryDelayMillis(1, maxRetryAfterSeconds + 1, 0.5)).toBeNull();
});

test("Retry-After is read as seconds or as a date", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");
  expect(retryAfterSecondsOf("7", now)).toBe(7);
  expect(retryAfterSecondsOf("Fri, 20 Nov 2026 12:00:30 GMT", now)).toBe(30);
  expect(retryAfterSecondsOf("Fri, 20 Nov 2026 11:00:00 GMT", now)).toBe(0);
  expect(retryAfterSecondsOf("soon", now)).toBeUndefined();
  expect(retryAfterSecondsOf(null, now)).toBeUndefined();
});
