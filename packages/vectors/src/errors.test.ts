import { expect, test } from "vitest";
import { vectorError, vectorErrorCode } from "./errors.ts";

test("an error reads as the binding's does and keeps the bare message as its cause", () => {
  const error = vectorError("VECTOR_UPSERT", "id too long", 40008);
  expect(error.message).toBe("VECTOR_UPSERT_ERROR (code = 40008): id too long");
  expect(error.cause).toEqual(new Error("id too long"));
  expect(vectorError("INDEX_GET", "gone").message).toBe("INDEX_GET_ERROR: gone");
});

test("its code can be read back, and other errors have none", () => {
  expect(vectorErrorCode(vectorError("VECTOR_QUERY", "slow down", 40041))).toBe(40041);
  expect(vectorErrorCode(vectorError("VECTOR_QUERY", "gone"))).toBeUndefined();
  expect(vectorErrorCode(new Error("network (code = 40041): lost"))).toBeUndefined();
  expect(vectorErrorCode("VECTOR_QUERY_ERROR (code = 40041): slow down")).toBeUndefined();
});
