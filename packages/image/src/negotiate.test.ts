import { expect, test } from "vitest";
import { dependsOnAlpha, negotiateFormat } from "./negotiate.ts";

test.each([
  ["image/avif,image/webp,image/apng,*/*;q=0.8", "webp"],
  ["image/avif, */*", "avif"],
  ["image/webp", "webp"],
  ["IMAGE/WEBP;Q=0.5", "webp"],
  ["image/webp;q=0, image/avif", "avif"],
  ["image/webp; q=0.0, image/avif;q=0", "jpeg"],
  ["image/png,image/*;q=0.8,*/*;q=0.5", "jpeg"],
  ["*/*", "jpeg"],
  ["", "jpeg"],
  [undefined, "jpeg"],
  [null, "jpeg"],
  ["image/webpx, ;;;,,=", "jpeg"],
])("%o is answered with %s", (accept, format) => {
  expect(negotiateFormat(accept, { hasAlpha: false })).toBe(format);
});

test("a picture with alpha stays transparent for clients that take neither WebP nor AVIF", () => {
  expect(negotiateFormat("*/*", { hasAlpha: true })).toBe("png");
  expect(negotiateFormat("image/webp", { hasAlpha: true })).toBe("webp");
  expect(dependsOnAlpha("*/*")).toBe(true);
  expect(dependsOnAlpha("image/avif")).toBe(false);
});
