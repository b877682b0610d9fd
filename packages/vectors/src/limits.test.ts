import { expect, test } from "vitest";
import { truncateUtf8, utf8Bytes } from "./limits.ts";

test.each([
  "",
  "plain",
  "Grüße",
  "日本語",
  "👗 dress",
  "\u{10ffff}",
])("utf8Bytes counts %j as an encoder does", (text) => {
  expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
});

test("truncateUtf8 never cuts a character in two", () => {
  expect(truncateUtf8("abc", 3)).toBe("abc");
  expect(truncateUtf8("abc", 2)).toBe("ab");
  expect(truncateUtf8("aé", 2)).toBe("a");
  expect(truncateUtf8("a👗b", 4)).toBe("a");
  expect(truncateUtf8("a👗b", 5)).toBe("a👗");
});
